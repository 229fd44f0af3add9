import type { Messages } from '../en';

export const flow: Messages['flow'] = {
  title: 'Fluxo',
  titleOf: (pipeline) => `Fluxo de ${pipeline}`,
  keys: 'As setas vão de etapa em etapa, Enter abre uma, mais e menos mudam o zoom, 0 mostra tudo.',
  zoomIn: 'Aproximar',
  zoomOut: 'Afastar',
  fit: 'Mostrar tudo',
  download: 'Baixar',
  downloadSvg: 'Imagem (SVG)',
  downloadMermaid: 'Texto Mermaid',
  downloadDot: 'Texto Graphviz (DOT)',
  downloaded: (file) => `${file} foi salvo.`,
  overview: 'O pipeline inteiro: pressione onde quer ir',
  showList: 'Em palavras',
  list: 'As etapas e seus temporizadores em palavras',
  start: 'Início',
  trigger: 'Gatilho',
  resolves: 'Resolve',
  removes: 'Retira',
  deleted: 'Excluída',
  cycle: (period) => `⟲ ciclo: ${period}`,
  moreArcs: (count) => `Mais ${count} temporizadores passam por aqui.`,
  empty: 'Ainda não há etapas',
  emptyText: 'Quando o pipeline tiver etapas, aqui aparece como as conversas passam de uma à outra.',

  step: (number, count, name) => `Etapa ${number} de ${count}: ${name}.`,
  startsHere: 'As conversas começam aqui.',
  entersByTrigger: 'As conversas entram pelo gatilho, de qualquer etapa.',
  timerTo: (delay, number, name) => `Depois de ${delay}, para a etapa ${number}, ${name}.`,
  timersFrom: (numbers, count) =>
    count === 1
      ? `O temporizador da etapa ${numbers} leva até aqui.`
      : `Os temporizadores das etapas ${numbers} levam até aqui.`,
  timersFromMany: (count) => `Os temporizadores de ${count} etapas levam até aqui.`,
  closesCycle: (period) => `Isso fecha um ciclo de temporizadores de ${period}.`,
  resolvesIt: 'Ela resolve a conversa.',
  removesIt: 'Ela retira a conversa.',
  hasProblems: (count) => (count === 1 ? 'Tem 1 problema.' : `Tem ${count} problemas.`),
  hasNotes: (count) => (count === 1 ? 'Tem 1 observação.' : `Tem ${count} observações.`),

  dragEnd: (from) => `Arraste até onde o temporizador de ${from} deve levar`,
  retargeted: (from, to) => `O temporizador de ${from} leva a ${to}.`,
  retargetLabel: (from) => `Destino do temporizador de ${from}`,
  notItself: 'Um temporizador não pode levar à própria etapa.',
};
