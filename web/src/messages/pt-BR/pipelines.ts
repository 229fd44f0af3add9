import type { Messages } from '../en';

export const pipelines: Messages['pipelines'] = {
  title: 'Pipelines',
  find: 'Buscar pipelines',
  findPlaceholder: 'Buscar pelo nome',
  create: 'Novo pipeline',
  list: 'Pipelines',
  count: (count, formatted) => (count === 1 ? '1 pipeline' : `${formatted} pipelines`),
  found: (count, formatted) => (count === 1 ? '1 pipeline encontrado' : `${formatted} pipelines encontrados`),
  more: 'Mostrar mais',

  emptyTitle: 'Nenhum pipeline ainda',
  emptyText:
    'Um pipeline é uma lista ordenada de etapas. Cada uma diz o que acontece com uma conversa que chega a ela: qual agente assume, o que é enviado e quando ela segue adiante.',
  importSample: 'ou importe um exemplo',
  nothingTitle: 'Nenhum pipeline tem isso no nome',
  nothingText: (text) => `Nada foi encontrado para “${text}”.`,
  clearFind: 'Mostrar todos os pipelines',

  deletedOnes: 'Pipelines excluídos',
  deletedText: 'Abra um deles para restaurá-lo com as suas etapas, enquanto o serviço o guardar.',
  deletedWhen: (ago, token) => `Excluído ${ago} com o token “${token}”`,
  deletedUnnamed: 'Pipeline sem nome conhecido',
  deletedNone: 'Nenhum pipeline excluído',
  deletedNoneText: 'Um pipeline que alguém exclui aparece aqui e pode ser restaurado enquanto o serviço o guardar.',
  deletedMore: (formatted) => `Só as últimas ${formatted} exclusões são consideradas.`,

  steps: (count, formatted) => (count === 1 ? '1 etapa' : `${formatted} etapas`),
  noSteps: 'Nenhuma etapa ainda',
  moreSteps: (formatted) => `+${formatted}`,
  moreStepsInWords: (count, formatted) => (count === 1 ? 'e mais 1 etapa' : `e mais ${formatted} etapas`),
  firstSteps: (pipeline) => `Primeiras etapas de ${pipeline}`,
  afterDelay: (duration) => `segue adiante após ${duration}`,
  leadsElsewhere: (duration, step) => `após ${duration} para ${step}`,
  removes: 'retira a conversa',
  noProblems: 'Sem problemas',
  problems: (count, formatted) => (count === 1 ? '1 problema' : `${formatted} problemas`),
  notes: (count, formatted) => (count === 1 ? '1 observação' : `${formatted} observações`),
  changed: 'Alterado',
  actions: (pipeline) => `Ações para ${pipeline}`,

  rename: 'Renomear…',
  duplicate: 'Duplicar',
  export: 'Exportar',
  delete: 'Excluir…',

  name: 'Nome',
  createTitle: 'Novo pipeline',
  createAction: 'Criar',
  renameTitle: 'Renomear pipeline',
  renameAction: 'Renomear',
  renamedMeanwhile: (name) =>
    `Nesse meio-tempo alguém o renomeou para “${name}”. Renomeie de novo para substituir esse nome.`,
  changedMeanwhile: 'Nesse meio-tempo alguém o alterou. Renomeie de novo para manter o seu nome.',

  deleteTitle: (name) => `Excluir “${name}”?`,
  deleteText: (count, formatted) =>
    count === 0
      ? 'Ele não tem etapas. Você pode desfazer isso.'
      : count === 1
        ? 'Sua única etapa é excluída junto. Você pode desfazer isso.'
        : `Suas ${formatted} etapas são excluídas junto. Você pode desfazer isso.`,
  deleteAction: (count, formatted) =>
    count === 0 ? 'Excluir pipeline' : count === 1 ? 'Excluir com 1 etapa' : `Excluir com ${formatted} etapas`,
  deleteChanged: 'Ele foi alterado nesse meio-tempo. É assim que está agora; exclua de novo se ainda quiser.',

  created: (name) => `“${name}” criado`,
  renamed: (name) => `Renomeado para “${name}”`,
  duplicated: (name) => `Duplicado como “${name}”`,
  deleted: (name) => `“${name}” excluído`,
  exported: (file) => `${file} salvo`,
  creationOf: (name) => `Novo pipeline “${name}”`,
  renamingTo: (name) => `Renomear para “${name}”`,
  duplicationOf: (name) => `Duplicar “${name}”`,
  deletionOf: (name) => `Excluir “${name}”`,
};
