/** Words about taking commands back. */
export const undo = {
  undo: 'Undo',
  redo: 'Redo',
  undoOf: (label: string) => `Undo: ${label}`,
  redoOf: (label: string) => `Redo: ${label}`,
  nothing: 'It takes back what was done in this tab since the page was loaded. The history has the rest.',
  undone: (label: string) => `Undone: ${label}`,
  redone: (label: string) => `Done again: ${label}`,
  cannotUndo: (label: string, by: string | undefined) =>
    by === undefined
      ? `“${label}” cannot be undone: it has changed since.`
      : `“${label}” cannot be undone: the token “${by}” has changed it since.`,
  cannotRedo: (label: string, by: string | undefined) =>
    by === undefined
      ? `“${label}” cannot be done again: it has changed since.`
      : `“${label}” cannot be done again: the token “${by}” has changed it since.`,
  showChanges: 'Show changes',
};
