import type { Messages } from '../en';

export const agents: Messages['agents'] = {
  title: 'Agentes',
  intro: 'Agentes de IA a quem as etapas entregam as conversas.',
  find: 'Buscar por nome',
  add: 'Novo agente',
  count: (count, written) => (count === 1 ? '1 agente' : `${written} agentes`),
  creationOf: (name) => `Novo agente ${name}`,
  changeOf: (name) => `Alteração de ${name}`,
  iconUrlDescription: 'Para outros programas. O console mostra as iniciais e nunca carrega a imagem.',

  empty: 'Nenhum agente ainda',
  emptyText: 'Crie os agentes que respondem nas suas etapas.',
  nothingFound: 'Nenhum agente encontrado',
  nothingFoundText: (text) => `Nenhum nome contém “${text}”.`,
  clearFind: 'Mostrar todos os agentes',

  editOf: (name) => `Editar ${name}`,
  editTitle: 'Editar agente',
  addTitle: 'Novo agente',
  save: 'Salvar',
  saved: (name) => `${name} foi salvo.`,
  created: (name) => `${name} foi criado.`,

  remove: 'Excluir',
  removeOf: (name) => `Excluir ${name}`,
  removeTitle: (name) => `Excluir ${name}?`,
  removeText: 'Isto não pode ser desfeito.',
  removed: (name) => `${name} foi excluído.`,
};
