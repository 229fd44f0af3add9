// The dialogs of agents and people, which are loaded when they are opened.
export type { FormValues } from './edits';
export { EntityDialog } from './EntityDialog';
export { RemoveDialog } from './RemoveDialog';
