/** Words of the list of pipelines, and of what can be done with a pipeline as a whole. */
export const pipelines = {
  title: 'Pipelines',
  find: 'Find pipelines',
  findPlaceholder: 'Find by name',
  create: 'New pipeline',
  list: 'Pipelines',
  count: (count: number, formatted: string) => (count === 1 ? '1 pipeline' : `${formatted} pipelines`),
  found: (count: number, formatted: string) => (count === 1 ? '1 pipeline found' : `${formatted} pipelines found`),
  more: 'Show more',

  emptyTitle: 'No pipelines yet',
  emptyText:
    'A pipeline is an ordered list of steps. Each one says what happens to a conversation that reaches it: which agent takes over, what is sent, and when it moves on.',
  importSample: 'or import a sample',
  nothingTitle: 'No pipeline has this in its name',
  nothingText: (text: string) => `Nothing was found for “${text}”.`,
  clearFind: 'Show all pipelines',

  deletedOnes: 'Deleted pipelines',
  deletedText: 'Open one to restore it with its steps, as long as the service keeps it.',
  deletedWhen: (ago: string, token: string) => `Deleted ${ago} with the token “${token}”`,
  deletedUnnamed: 'Pipeline without a known name',
  deletedNone: 'No pipeline is deleted',
  deletedNoneText: 'A pipeline that somebody deletes is listed here, and can be restored as long as the service keeps it.',
  deletedMore: (formatted: string) => `Only the last ${formatted} deletions are looked at.`,

  steps: (count: number, formatted: string) => (count === 1 ? '1 step' : `${formatted} steps`),
  noSteps: 'No steps yet',
  moreSteps: (formatted: string) => `+${formatted}`,
  moreStepsInWords: (count: number, formatted: string) =>
    count === 1 ? 'and 1 more step' : `and ${formatted} more steps`,
  firstSteps: (pipeline: string) => `First steps of ${pipeline}`,
  afterDelay: (duration: string) => `moves on after ${duration}`,
  leadsElsewhere: (duration: string, step: string) => `after ${duration} to ${step}`,
  removes: 'takes the conversation out',
  noProblems: 'No problems',
  problems: (count: number, formatted: string) => (count === 1 ? '1 problem' : `${formatted} problems`),
  notes: (count: number, formatted: string) => (count === 1 ? '1 note' : `${formatted} notes`),
  changed: 'Changed',
  actions: (pipeline: string) => `Actions for ${pipeline}`,

  rename: 'Rename…',
  duplicate: 'Duplicate',
  export: 'Export',
  delete: 'Delete…',

  name: 'Name',
  createTitle: 'New pipeline',
  createAction: 'Create',
  renameTitle: 'Rename pipeline',
  renameAction: 'Rename',
  renamedMeanwhile: (name: string) => `Someone has renamed it to “${name}” meanwhile. Rename it again to replace that.`,
  changedMeanwhile: 'Someone has changed it meanwhile. Rename it again to keep your name.',

  deleteTitle: (name: string) => `Delete “${name}”?`,
  deleteText: (count: number, formatted: string) =>
    count === 0
      ? 'It has no steps. You can undo this.'
      : count === 1
        ? 'Its one step is deleted with it. You can undo this.'
        : `Its ${formatted} steps are deleted with it. You can undo this.`,
  deleteAction: (count: number, formatted: string) =>
    count === 0 ? 'Delete pipeline' : count === 1 ? 'Delete with 1 step' : `Delete with ${formatted} steps`,
  deleteChanged: 'It has changed meanwhile. This is how it is now; delete it again if you still want to.',

  created: (name: string) => `“${name}” created`,
  renamed: (name: string) => `Renamed to “${name}”`,
  duplicated: (name: string) => `Duplicated as “${name}”`,
  deleted: (name: string) => `“${name}” deleted`,
  exported: (file: string) => `${file} saved`,
  creationOf: (name: string) => `New pipeline “${name}”`,
  renamingTo: (name: string) => `Rename to “${name}”`,
  duplicationOf: (name: string) => `Duplicate “${name}”`,
  deletionOf: (name: string) => `Delete “${name}”`,
};
