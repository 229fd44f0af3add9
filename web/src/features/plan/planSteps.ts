import type { Plan, StepPlan } from './planning';

/** The steps of which a reader of a plan wants to know. */
export function changedSteps({ steps }: Plan): StepPlan[] {
  return steps.filter(({ action, isMoved }) => action !== 'UNCHANGED' || isMoved);
}

/** The steps that the file does not have any more. */
export function deletedSteps({ steps }: Plan): StepPlan[] {
  return steps.filter(({ action }) => action === 'DELETE');
}

/** Whether all that changes of the step is that it gets the key that the file has for it. */
export function onlyGetsKey({ action, fields }: StepPlan): boolean {
  const [field] = fields;
  return action === 'UPDATE' && fields.length === 1 && field?.name === 'key' && field.before == null;
}

/** What a plan does, in the order in which it is told. */
export const COUNTS = ['created', 'updated', 'keyed', 'moved', 'deleted', 'unchanged'] as const;

/** How many steps are meant; those that only get a key are apart from the others that are updated. */
export function countsOf(plan: Plan): Record<(typeof COUNTS)[number], number> {
  const { created, updated, moved, deleted, unchanged } = plan;
  const keyed = plan.steps.filter(onlyGetsKey).length;
  return { created, updated: updated - keyed, keyed, moved, deleted, unchanged };
}

/** The pipeline that a plan changes; null if it is created, or has no step by which it could be known. */
export function scenarioIdOf({ steps }: Plan): string | null {
  return steps.find(({ crmStep }) => crmStep != null)?.crmStep?.scenarioId ?? null;
}
