import type { Messages } from '../en';

export const problems: Messages['problems'] = {
  title: 'Problemas',
  empty: 'Nada parece errado',
  emptyText:
    'Nenhuma etapa é inalcançável, nenhum temporizador leva a lugar nenhum e ninguém recebe mensagens em ciclo.',
  counts: {
    ERROR: (count, written) => (count === 1 ? '1 erro' : `${written} erros`),
    WARNING: (count, written) => (count === 1 ? '1 aviso' : `${written} avisos`),
    INFO: (count, written) => (count === 1 ? '1 observação' : `${written} observações`),
  },
  all: 'Todos',
  severity: 'Gravidade',
  kind: 'Tipo',
  allKinds: 'Todos os tipos',
  shown: (shown, all) => `${shown} de ${all} exibidos`,
  nothingMatches: 'Nenhum problema corresponde ao filtro.',
  showAll: 'Mostrar todos',
  more: (count) => `Mostrar mais ${count}`,
  openStep: (name) => `Abrir ${name}`,
  moreSteps: (count) => `e mais ${count}`,
  showInFlow: 'Mostrar no fluxo',
  why: 'Por que, e o que fazer',

  /** The kinds, for a filter; diagnostics.ts says what each means. */
  kinds: {
    DEAD_END: 'Sem saída',
    DUPLICATE_NAME: 'Mesmo nome',
    HUMAN_REQUESTED_WITHOUT_ASSIGNEE: 'Sem responsável',
    HUMAN_REQUESTED_WITH_AI: 'Pessoa e IA',
    MESSAGE_AFTER_24_HOURS: 'Mensagem tarde demais',
    REMOVAL_STEP_ASSIGNS: 'Atribuída e retirada',
    RESOLVED_WITH_TIMER: 'Resolvida, com temporizador',
    SPAM_LOOP: 'Mensagens em ciclo',
    TIMER_CYCLE: 'Ciclo de temporizadores',
    TIMER_LEADS_NOWHERE: 'Temporizador sem destino',
    TRIGGER_ON_FIRST_STEP: 'Gatilho na primeira etapa',
    UNREACHABLE_STEP: 'Inalcançável',
  },
};
