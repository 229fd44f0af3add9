import type { Messages } from '../en';

export const directory: Messages['directory'] = {
  changed: 'Alterado',
  usedBy: (count, written) => (count === 1 ? 'Usado em 1 etapa' : `Usado em ${written} etapas`),
  unused: 'Sem uso',
  usedByTitle: (name) => `Etapas que usam ${name}`,
  moreUses: (_count, written) => `e mais ${written}`,
  staleRemove: 'Foi alterado nesse meio-tempo. Veja de novo antes de excluir.',
  inUseTitle: (name) => `${name} está em uso`,
  inUseText: (name) => `A exclusão é possível quando estas etapas não usarem mais ${name}.`,
  more: 'Mostrar mais',
  staleBy: (who) => `O token “${who}” salvou outros valores enquanto você editava.`,
  staleUnknown: 'Alguém salvou outros valores enquanto você editava.',
  staleText: 'Isto difere do que você informou:',
  keepMine: 'Salvar os meus',
  takeTheirs: 'Mostrar os outros',
  goneTitle: 'Foi excluído nesse meio-tempo',
  goneText: (name) => `${name} não existe mais, por isso nada pode ser salvo.`,
};
