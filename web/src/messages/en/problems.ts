import type { CrmDiagnosticCode } from '../__generated__/enums';

/** What is allowed in a pipeline and probably a mistake. */
export const problems = {
  title: 'Problems',
  empty: 'Nothing looks wrong',
  emptyText: 'No step is unreachable, no timer leads nowhere, and nobody gets messages in a loop.',
  /** For a filter. */
  counts: {
    ERROR: (count: number, written: string) => (count === 1 ? '1 error' : `${written} errors`),
    WARNING: (count: number, written: string) => (count === 1 ? '1 warning' : `${written} warnings`),
    INFO: (count: number, written: string) => (count === 1 ? '1 note' : `${written} notes`),
  },
  all: 'All',
  severity: 'Severity',
  kind: 'Kind',
  allKinds: 'All kinds',
  shown: (shown: string, all: string) => `${shown} of ${all} shown`,
  nothingMatches: 'No problem matches the filter.',
  showAll: 'Show all',
  more: (count: string) => `Show ${count} more`,
  openStep: (name: string) => `Open ${name}`,
  moreSteps: (count: string) => `and ${count} more`,
  showInFlow: 'Show in flow',
  why: 'Why, and what to do',

  /** The kinds, for a filter; diagnostics.ts says what each means. */
  kinds: {
    DEAD_END: 'Dead end',
    DUPLICATE_NAME: 'Same name',
    HUMAN_REQUESTED_WITHOUT_ASSIGNEE: 'Nobody assigned',
    HUMAN_REQUESTED_WITH_AI: 'Person and AI',
    MESSAGE_AFTER_24_HOURS: 'Message too late',
    REMOVAL_STEP_ASSIGNS: 'Assigned and taken out',
    RESOLVED_WITH_TIMER: 'Resolved, with a timer',
    SPAM_LOOP: 'Messages in a loop',
    TIMER_CYCLE: 'Cycle of timers',
    TIMER_LEADS_NOWHERE: 'Timer leads nowhere',
    TRIGGER_ON_FIRST_STEP: 'Trigger on the first step',
    UNREACHABLE_STEP: 'Unreachable',
  } satisfies Record<CrmDiagnosticCode, string>,
};
