import { useCallback, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { graphql, type IEnvironment, type MutationParameters } from 'relay-runtime';
import { readPipeline } from '../../app/exportPipeline';
import type { PipelineSpec } from '../../app/pipelineSpec';
import { useSession } from '../../app/session';
import { useCommand, type CommandResult, type UserErrorData } from '../../app/useCommand';
import { sentenceOf, sentenceOfFailure } from '../../messages/errors';
import { useMessages } from '../../messages/Messages';
import type { planningApplyMutation } from '../../relay/__generated__/planningApplyMutation.graphql';
import type { useApplyDeleteMutation } from '../../relay/__generated__/useApplyDeleteMutation.graphql';
import type { useApplyRestoreMutation } from '../../relay/__generated__/useApplyRestoreMutation.graphql';
import { toFailure } from '../../relay/errors';
import { APPLY, type PlanInput } from './planning';
import { scenarioIdOf } from './planSteps';
import { specBefore, undoingOf, type Undoing } from './undoing';
import type { Planned } from './usePlan';

const RESTORE = graphql`
  mutation useApplyRestoreMutation($id: ID!, $idempotencyKey: String!) {
    restoreCrmStep(id: $id, idempotencyKey: $idempotencyKey) {
      crmScenario {
        id
        revision
        stepCount
        stepsUpdatedAt
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

const DELETE = graphql`
  mutation useApplyDeleteMutation(
    $id: ID!
    $expectedStepCount: Int!
    $expectedVersion: Int!
    $idempotencyKey: String!
  ) {
    deleteCrmScenario(
      id: $id
      expectedStepCount: $expectedStepCount
      expectedVersion: $expectedVersion
      idempotencyKey: $idempotencyKey
    ) {
      deletedCrmScenarioId @deleteRecord
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

/** A file that was applied. */
export interface Applied {
  id: string;
  name: string;
  revision: number;
  version: number;
  stepCount: number;
  /** How to take it back; null if nobody knows what was before. */
  undoing: Undoing | null;
}

export type ApplyOutcome =
  | { is: 'applied' }
  /** Others have changed the pipeline since the plan; nothing was done. */
  | { is: 'stale' }
  | { is: 'refused'; errors: readonly UserErrorData[] }
  /** A notice says so, and offers to try again. */
  | { is: 'failed' };

/** What came of undoing: null is everything. */
export type UndoProblem = string | null;

export interface Applying {
  /** `onApplied` is called also if that is only after "Try again" of the notice about a failure. */
  apply: (planned: Planned, onApplied: (applied: Applied) => void) => Promise<ApplyOutcome>;
  undo: (applied: Applied) => Promise<UndoProblem>;
  isBusy: boolean;
}

/** Carries a plan out, and takes it back. */
export function useApply(): Applying {
  const t = useMessages();
  const environment = useRelayEnvironment();
  const { can } = useSession();
  const [run, isApplying] = useCommand<planningApplyMutation>(APPLY);
  const [restore] = useCommand<useApplyRestoreMutation>(RESTORE);
  const [remove] = useCommand<useApplyDeleteMutation>(DELETE);
  const [isUndoing, setUndoing] = useState(false);

  const apply = useCallback<Applying['apply']>(
    async ({ input, plan }, onApplied) => {
      const id = scenarioIdOf(plan);
      // What is read is of the plan's revision, or else the apply is refused.
      const before = id === null ? specBefore(plan, input) : await readSpec(environment, id);
      const result = await run({
        variables: { input, expectedRevision: plan.revision },
        onDone({ applyCrmScenario: payload }) {
          const undoing = undoingOf(plan, before, can.secrets);
          if (payload?.crmScenario) onApplied({ ...payload.crmScenario, undoing });
        },
      });
      if (result.is === 'done') return { is: 'applied' };
      if (result.is === 'failed') return { is: 'failed' };
      const isStale = result.errors.some(({ code }) => code === 'STALE_REVISION');
      return isStale ? { is: 'stale' } : { is: 'refused', errors: result.errors };
    },
    [can.secrets, environment, run],
  );

  const undo = useCallback<Applying['undo']>(
    async (applied) => {
      setUndoing(true);
      const problem = await takeBack(applied).catch((error: unknown) => sentenceOfFailure(t, toFailure(error)));
      setUndoing(false);
      return problem;

      async function takeBack({ id, name, revision, version, stepCount, undoing }: Applied): Promise<UndoProblem> {
        const now = await readPipeline(environment, id);
        if (undoing === null || now?.revision !== revision) return t.plan.undoStale(name);
        if (undoing.kind === 'delete') {
          const variables = { id, expectedStepCount: stepCount, expectedVersion: version };
          return problemOf(await remove({ variables, isFailureShown: true }));
        }
        let expectedRevision = revision;
        for (const step of undoing.restored) {
          const restored = await restore({ variables: { id: step }, isFailureShown: true });
          const problem = problemOf(restored);
          if (problem !== null) return problem;
          if (restored.is === 'done') {
            expectedRevision = restored.response.restoreCrmStep?.crmScenario?.revision ?? expectedRevision;
          }
        }
        // It came from the service, whose output and input of a specification are the same.
        const input = undoing.spec as PlanInput;
        return problemOf(await run({ variables: { input, expectedRevision }, isFailureShown: true }));
      }

      function problemOf(result: CommandResult<MutationParameters>): UndoProblem {
        if (result.is === 'done') return null;
        if (result.is === 'failed') return `${t.plan.undoFailed} ${sentenceOfFailure(t, result.failure)}`;
        return [t.plan.undoFailed, ...result.errors.map((error) => sentenceOf(t, error))].join(' ');
      }
    },
    [environment, remove, restore, run, t],
  );
  return { apply, undo, isBusy: isApplying || isUndoing };
}

/** The pipeline before the apply. Without it there is no undo, and the apply goes on. */
async function readSpec(environment: IEnvironment, id: string): Promise<PipelineSpec | null> {
  try {
    return (await readPipeline(environment, id))?.spec ?? null;
  } catch {
    return null;
  }
}
