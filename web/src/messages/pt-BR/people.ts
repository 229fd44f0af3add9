import type { Messages } from '../en';

export const people: Messages['people'] = {
  title: 'Pessoas',
  intro: 'As etapas atribuem conversas a estas pessoas.',
  find: 'Buscar por nome ou e-mail',
  add: 'Adicionar uma pessoa',
  count: (count, written) => (count === 1 ? '1 pessoa' : `${written} pessoas`),
  creationOf: (name) => `Inclusão de ${name}`,
  changeOf: (name) => `Alteração de ${name}`,
  rolesDescription: 'O que a pessoa é na organização. Não muda o que as etapas podem fazer.',

  empty: 'Ninguém aqui ainda',
  emptyText: 'Adicione as pessoas que respondem às conversas, para que as etapas possam atribuí-las.',
  nothingFound: 'Ninguém encontrado',
  nothingFoundText: (text) => `Nenhum nome ou e-mail contém “${text}”.`,
  clearFind: 'Mostrar todos',

  editOf: (name) => `Editar ${name}`,
  editTitle: 'Editar pessoa',
  addTitle: 'Adicionar uma pessoa',
  save: 'Salvar',
  saved: (name) => `${name} foi salvo(a).`,
  created: (name) => `${name} foi adicionado(a).`,

  remove: 'Remover',
  removeOf: (name) => `Remover ${name}`,
  removeTitle: (name) => `Remover ${name}?`,
  removeText:
    'Isto não pode ser desfeito. Ninguém mais pode ser atribuído a esta pessoa, e o histórico mostra o token em vez do nome.',
  removed: (name) => `${name} foi removido(a).`,
};
