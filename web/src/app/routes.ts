/** The addresses of the console's views, below `/console`. */
export const paths = {
  pipelines: () => '/',
  pipeline: (id: string, search: PipelineSearch = {}) => `/pipelines/${id}${query({ ...search })}`,
  /** The history of a pipeline; with `step` that of one of its steps. */
  history: (id: string, search: { step?: string | undefined } = {}) => `/pipelines/${id}/history${query(search)}`,
  simulate: (id: string, search: Record<string, string | undefined> = {}) =>
    `/pipelines/${id}/simulate${query(search)}`,
  /** The plan of a file; with `pipeline` beginning with that pipeline as it is, with `sample` with a sample. */
  plan: (search: { pipeline?: string | undefined; sample?: '1' | undefined } = {}) => `/plan${query(search)}`,
  people: () => '/people',
  agents: () => '/agents',
};

export type View = 'board' | 'list' | 'flow';

/** The view that an address names, if it is one. */
export function viewOf(text: string | null | undefined): View | undefined {
  return text === 'board' || text === 'list' || text === 'flow' ? text : undefined;
}

/** What the address of a pipeline says beside the pipeline: the deep link of a view, a step or a filter. */
export interface PipelineSearch {
  view?: View | undefined;
  /** The id of the step whose panel is open, or `new`. */
  step?: string | undefined;
  /** With `step: 'new'`: the id of the step behind which the new one is inserted. */
  after?: string | undefined;
  /** With `step: 'new'`: the id of the step before which the new one is inserted. */
  before?: string | undefined;
  /** The text of the filter. */
  q?: string | undefined;
  /** The filter by agent: an id, or `none` for the steps without one. */
  agent?: string | undefined;
  /** The filter by problems. */
  only?: 'problems' | undefined;
  /** Whether the list of problems is open. */
  problems?: '1' | undefined;
}

function query(values: Record<string, string | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') search.set(name, value);
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
