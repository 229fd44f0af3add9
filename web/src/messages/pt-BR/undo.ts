import type { Messages } from '../en';

export const undo: Messages['undo'] = {
  undo: 'Desfazer',
  redo: 'Refazer',
  undoOf: (label) => `Desfazer: ${label}`,
  redoOf: (label) => `Refazer: ${label}`,
  nothing: 'Desfaz o que foi feito nesta aba desde que a página foi carregada. O resto está no histórico.',
  undone: (label) => `Desfeito: ${label}`,
  redone: (label) => `Refeito: ${label}`,
  cannotUndo: (label, by) =>
    by === undefined
      ? `Não é possível desfazer “${label}”: houve outra alteração depois.`
      : `Não é possível desfazer “${label}”: o token “${by}” fez outra alteração depois.`,
  cannotRedo: (label, by) =>
    by === undefined
      ? `Não é possível refazer “${label}”: houve outra alteração depois.`
      : `Não é possível refazer “${label}”: o token “${by}” fez outra alteração depois.`,
  showChanges: 'Ver alterações',
};
