// What is drawn of a pipeline, from what the server says about it.

import { layoutOf, type FlowEdge, type Layout } from './layout';

/** A step of `CrmFlow`. Null where it has been deleted since the flow was read. */
export type FlowStep = {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly trigger: string | null | undefined;
  readonly isConversationRemovalStep: boolean | null | undefined;
  readonly defaultStatus: string | null | undefined;
  readonly autoNextStepId: string | null | undefined;
} | null;

export interface FlowDiagnostic {
  readonly code: string;
  readonly severity: string;
  readonly params: readonly { readonly name: string; readonly value: string }[];
  readonly stepIndexes: readonly number[];
}

export type Severity = 'ERROR' | 'WARNING' | 'INFO';

export interface PictureStep {
  id: string | null;
  name: string;
  version: number;
  hasTrigger: boolean;
  isResolving: boolean;
  isRemoving: boolean;
  /** How many problems it has, or notes if these are all. */
  problemCount: number;
  /** Of the worst problem; null without any. */
  severity: Severity | null;
  /** The indexes of the steps whose timers lead to it. */
  timersFrom: number[];
  /** Its timer. */
  timer: { to: number; delaySeconds: number } | null;
  /** The time once around of the cycle that its timer closes; null if it closes none. */
  cycleSeconds: number | null;
}

export interface Picture {
  steps: PictureStep[];
  layout: Layout;
}

const WORST_FIRST: readonly Severity[] = ['ERROR', 'WARNING', 'INFO'];

/** The picture of a flow; takes time linear in the steps, edges and diagnostics. */
export function pictureOf(
  flowSteps: readonly FlowStep[],
  edges: readonly FlowEdge[],
  diagnostics: readonly FlowDiagnostic[],
): Picture {
  const layout = layoutOf(flowSteps.length, edges);
  const steps = flowSteps.map(stepOf);
  for (const { from, to, delaySeconds } of layout.arcs) {
    const step = steps[from];
    if (step !== undefined) step.timer = { to, delaySeconds };
    steps[to]?.timersFrom.push(from);
  }
  for (const { severity, params, stepIndexes } of diagnostics) {
    for (const index of stepIndexes) {
      const step = steps[index];
      if (step === undefined) continue;
      const worst = worse(step.severity, severity);
      // Notes are counted only where there is nothing worse.
      const isNote = worse(null, severity) === 'INFO';
      if (isNote && worst !== 'INFO') continue;
      if (!isNote && step.severity === 'INFO') step.problemCount = 0;
      step.problemCount += 1;
      step.severity = worst;
    }
    // The steps of a cycle stand in the order of its timers, from the lowest index: the timer of the last closes it.
    const period = params.find(({ name }) => name === 'periodSeconds');
    const last = steps[stepIndexes.at(-1) ?? -1];
    if (period !== undefined && last !== undefined) last.cycleSeconds = Number(period.value);
  }
  return { steps, layout };
}

function stepOf(step: FlowStep): PictureStep {
  return {
    id: step?.id ?? null,
    name: step?.name ?? '',
    version: step?.version ?? 0,
    hasTrigger: step?.trigger != null && step.trigger.trim() !== '',
    isResolving: step?.defaultStatus === 'RESOLVED',
    isRemoving: step?.isConversationRemovalStep === true,
    problemCount: 0,
    severity: null,
    timersFrom: [],
    timer: null,
    cycleSeconds: null,
  };
}

/** The worse of two severities; one that this page does not know counts as the mildest. */
function worse(a: Severity | null, b: string): Severity {
  return WORST_FIRST.find((severity) => severity === a || severity === b) ?? 'INFO';
}
