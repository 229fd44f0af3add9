/** What the filter of a pipeline shows. An empty one shows everything. */
export interface Filter {
  text: string;
  /** The id of an agent, or `none` for the steps that keep the agent of the conversation; empty for all. */
  agent: string;
  hasProblems: boolean;
}

/** What the filter looks at; all of it is loaded with the cards. */
export interface Searchable {
  id: string;
  name: string;
  trigger: string | null | undefined;
  agent: { readonly id: string; readonly name: string } | null | undefined;
  defaultTags: readonly string[] | null | undefined;
  defaultTagsToRemove: readonly string[] | null | undefined;
}

export function isEmpty(filter: Filter): boolean {
  return filter.text.trim() === '' && filter.agent === '' && !filter.hasProblems;
}

/** Text as it is compared: without case, accents and Unicode form, so that "qualificacao" finds "Qualificação". */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLocaleLowerCase();
}

/**
 * Whether a step is shown. `foundInTexts` are the steps that the service has found by texts which are not loaded here:
 * prompts and messages.
 */
export function matches(
  step: Searchable,
  filter: Filter,
  problems: ReadonlyMap<string, unknown>,
  foundInTexts: ReadonlySet<string>,
): boolean {
  if (filter.agent !== '' && filter.agent !== (step.agent?.id ?? NO_AGENT)) return false;
  if (filter.hasProblems && !problems.has(step.id)) return false;
  const text = folded(filter.text.trim());
  return text === '' || foundInTexts.has(step.id) || textsOf(step).some((value) => folded(value).includes(text));
}

/** The value of `Filter.agent` for the steps without one. */
export const NO_AGENT = 'none';

function textsOf(step: Searchable): string[] {
  return [
    step.name,
    step.trigger ?? '',
    step.agent?.name ?? '',
    ...(step.defaultTags ?? []),
    ...(step.defaultTagsToRemove ?? []),
  ];
}
