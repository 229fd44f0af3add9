import type { Plan, StepPlan } from './planning';

/** The steps of which a reader of a plan wants to know. */
export function changedSteps({ steps }: Plan): StepPlan[] {
  return steps.filter(({ action, isMoved }) => action !== 'UNCHANGED' || isMoved);
}

/** The steps that the file does not have any more. */
export function deletedSteps({ steps }: Plan): StepPlan[] {
  return steps.filter(({ action }) => action === 'DELETE');
}

/** The pipeline that a plan changes; null if it is created, or has no step by which it could be known. */
export function scenarioIdOf({ steps }: Plan): string | null {
  return steps.find(({ crmStep }) => crmStep != null)?.crmStep?.scenarioId ?? null;
}
