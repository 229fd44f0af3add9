import type { PipelineSpec, StepSpec } from '../../app/pipelineSpec';
import type { Plan, PlanInput, StepPlan } from './planning';
import { deletedSteps } from './planSteps';

/** What takes an apply back. */
export type Undoing =
  /** The pipeline was created: it is deleted. */
  | { kind: 'delete' }
  /** The deleted steps are restored, the last one first, and then the earlier specification is applied. */
  | { kind: 'apply'; restored: readonly string[]; spec: PipelineSpec; hasLostHeaders: boolean };

/**
 * How to take a plan back once it has been carried out; null if that cannot be said. `earlier` is the pipeline as it was
 * before, with masked header values unless the token may read them.
 */
export function undoingOf(plan: Plan, earlier: PipelineSpec | null, canReadHeaders: boolean): Undoing | null {
  if (plan.action === 'CREATE') return { kind: 'delete' };
  if (earlier === null) return null;
  const lost = canReadHeaders ? [] : plan.steps.filter(hasOtherHeaders);
  return {
    kind: 'apply',
    restored: deletedSteps(plan).flatMap(({ crmStep }) => crmStep?.id ?? []),
    spec: { ...earlier, steps: earlier.steps.map((step) => withPresentHeaders(step, lost)) },
    hasLostHeaders: lost.length > 0,
  };
}

/** What a pipeline without steps was before a plan: of one with steps the service has exported it. */
export function specBefore(plan: Plan, input: Pick<PlanInput, 'key' | 'name' | 'description'>): PipelineSpec | null {
  const { key } = input;
  if (key == null) return null;
  const before = (name: 'name' | 'description') => {
    const field = plan.fields.find((it) => it.name === name);
    return field === undefined ? input[name] : field.before;
  };
  const [name, description] = [before('name'), before('description')];
  return { key, name: String(name), ...(typeof description === 'string' ? { description } : {}), steps: [] };
}

const HEADERS = 'webhookHeader';

function hasOtherHeaders({ action, fields }: StepPlan): boolean {
  return action === 'UPDATE' && fields.some(({ name }) => name === HEADERS);
}

/** The step with the headers that the file gave it: nobody knows the values of the earlier ones. */
function withPresentHeaders(step: StepSpec, lost: readonly StepPlan[]): StepSpec {
  const plan = lost.find(({ key }) => key === step.key);
  if (plan === undefined) return step;
  const { webhookHeader: _, ...others } = step;
  const after = plan.fields.find(({ name }) => name === HEADERS)?.after;
  const hasHeaders = typeof after === 'object' && after !== null && step.webhookUrl !== undefined;
  return hasHeaders ? { ...others, webhookHeader: after } : others;
}
