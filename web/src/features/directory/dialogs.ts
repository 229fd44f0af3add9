// The dialogs of agents and people, which are loaded when they are opened, and their commands.
export type { FormValues } from './edits';
export { EntityDialog } from './EntityDialog';
export { RemoveDialog } from './RemoveDialog';
export type { EditProps, RemoveProps } from './useRowDialog';
export { useEntityCommands, type EntityCommands } from './useEntityCommands';
