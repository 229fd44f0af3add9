/** Where the changes of a history come from. */
export interface Source {
  /** The id of the pipeline or the step whose history is read. */
  id: string;
  /** Whether it is there: of what was deleted, the changes are looked for in a larger history. */
  isThere: boolean;
  /** Whether most of what is read is about other things. */
  isSearch: boolean;
  accepts: (change: { readonly subjectId: string; readonly scenarioId: string | null | undefined }) => boolean;
}

const everything = () => true;

/** The history of a pipeline or a step that is there. */
export function historyOf(id: string): Source {
  return { id, isThere: true, isSearch: false, accepts: everything };
}

/** The changes of a step that was deleted, in the history of its pipeline. */
export function historyOfDeletedStep(scenarioId: string, stepId: string): Source {
  return { id: scenarioId, isThere: true, isSearch: true, accepts: ({ subjectId }) => subjectId === stepId };
}

/** The changes of a pipeline that was deleted, and of its steps, in the history of the organization. */
export function historyOfDeletedScenario(id: string): Source {
  return { id, isThere: false, isSearch: true, accepts: ({ scenarioId }) => scenarioId === id };
}
