import { useMemo } from 'react';
import { graphql, type RecordSourceSelectorProxy } from 'relay-runtime';
import { labelOfField } from '../../messages/labels';
import { useFormat, useMessages } from '../../messages/Messages';
import type { useStepLifecycleDeleteMutation } from '../../relay/__generated__/useStepLifecycleDeleteMutation.graphql';
import type { useStepLifecycleRestoreMutation } from '../../relay/__generated__/useStepLifecycleRestoreMutation.graphql';
import { showToast } from '../../ui/toasts';
import { keepOwnVersion, ownVersion } from '../ownVersions';
import type { UndoEntry, UndoOutcome } from '../undo';
import { outcomeOf, useCommand, type CommandOptions, type CommandResult } from '../useCommand';

/** A step that is there again, or of which the timer went or came back with another one: as all screens show it. */
graphql`
  fragment useStepLifecycle_step on CrmStep {
    ...stepSummary_step
    id
    version
    autoNextTime
    autoNextTimeUnit
    autoNextStep {
      id
      name
    }
  }
`;

const DELETE = graphql`
  mutation useStepLifecycleDeleteMutation($ids: [ID!]!, $expectedVersions: [Int!], $idempotencyKey: String) {
    deleteCrmSteps(ids: $ids, expectedVersions: $expectedVersions, idempotencyKey: $idempotencyKey) {
      deletedCrmStepIds
      crmStepsWithoutTimer {
        ...useStepLifecycle_step @relay(mask: false)
      }
      currentCrmSteps {
        ...stepSummary_step
        id
        version
        name
        lastChange: history(first: 1, orderBy: { direction: DESC }, filter: { actions: [CREATED, UPDATED, RESTORED] }) {
          nodes {
            id
            tokenName
          }
        }
      }
      crmScenario {
        ...order_scenario
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

const RESTORE = graphql`
  mutation useStepLifecycleRestoreMutation($id: ID!, $idempotencyKey: String) {
    restoreCrmStep(id: $id, idempotencyKey: $idempotencyKey) {
      crmStep {
        ...useStepLifecycle_step @relay(mask: false)
      }
      crmStepsWithTimer {
        ...useStepLifecycle_step @relay(mask: false)
      }
      clearedFields
      crmScenario {
        ...order_scenario
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

export type Deletion = useStepLifecycleDeleteMutation;
export type Restoration = useStepLifecycleRestoreMutation;

/** A step that is deleted only if it is still at this version. */
export interface VersionedStep {
  readonly id: string;
  readonly version: number;
}

type Options<M extends Deletion | Restoration> = Pick<CommandOptions<M>, 'toast' | 'undo'>;

export interface StepLifecycle {
  /** Deletes steps, all or none, unless one of them has another version by now. */
  remove: (steps: readonly VersionedStep[], options?: Options<Deletion>) => Promise<CommandResult<Deletion>>;
  /** Brings a deleted step back. */
  restore: (id: string, options?: Options<Restoration>) => Promise<CommandResult<Restoration>>;
  /** The undo of having made a step, also by restoring it. */
  creation: (label: string, step: VersionedStep) => UndoEntry;
  /** The undo of having deleted steps. */
  deletion: (label: string, steps: readonly VersionedStep[]) => UndoEntry;
  isBusy: boolean;
}

/**
 * How steps of a pipeline are deleted and come back, and how both are undone. With `removeInStore` they are gone from
 * what is shown before the service has answered.
 */
export function useStepLifecycle(
  scenarioId: string,
  removeInStore?: (store: RecordSourceSelectorProxy, scenarioId: string, ids: readonly string[]) => void,
): StepLifecycle {
  const t = useMessages();
  const format = useFormat();
  const [runDelete, isDeleting] = useCommand<Deletion>(DELETE);
  const [runRestore, isRestoring] = useCommand<Restoration>(RESTORE);
  const commands = useMemo(() => {
    const remove: StepLifecycle['remove'] = (steps, options = {}) => {
      const ids = steps.map(({ id }) => id);
      return runDelete({
        ...options,
        variables: { ids, expectedVersions: steps.map(({ id, version }) => ownVersion(id, version)) },
        onDone: ({ deleteCrmSteps }) => keepRaised(deleteCrmSteps?.crmStepsWithoutTimer),
        optimisticUpdater: removeInStore && ((store) => removeInStore(store, scenarioId, ids)),
      });
    };

    const restore: StepLifecycle['restore'] = (id, options = {}) =>
      runRestore({
        ...options,
        variables: { id },
        onDone({ restoreCrmStep }) {
          if (restoreCrmStep?.crmStep) keepRaised([restoreCrmStep.crmStep]);
          keepRaised(restoreCrmStep?.crmStepsWithTimer);
        },
      });

    async function takeAway(steps: readonly VersionedStep[]): Promise<UndoOutcome> {
      return outcomeOf(t, await remove(steps), ({ deleteCrmSteps }) => {
        const current = deleteCrmSteps?.currentCrmSteps[0];
        const step = current?.id ?? steps[0]?.id;
        return { pipeline: scenarioId, step, by: current?.lastChange.nodes[0]?.tokenName };
      });
    }

    /** In the reverse order, which is what puts each where it was. */
    async function bringBack(steps: readonly VersionedStep[]): Promise<UndoOutcome> {
      const cleared = new Set<string>();
      for (const { id } of [...steps].reverse()) {
        const result = await restore(id);
        if (result.is !== 'done') return outcomeOf(t, result, { pipeline: scenarioId, step: id });
        for (const field of result.response.restoreCrmStep?.clearedFields ?? []) cleared.add(labelOfField(t, field));
      }
      if (cleared.size > 0) showToast({ text: t.board.restoredWithout(format.list(cleared)) });
      return { is: 'done' };
    }

    return {
      remove,
      restore,
      creation: (label: string, step: VersionedStep): UndoEntry => ({
        label,
        undo: () => takeAway([step]),
        redo: () => bringBack([step]),
      }),
      deletion: (label: string, steps: readonly VersionedStep[]): UndoEntry => ({
        label,
        undo: () => bringBack(steps),
        redo: () => takeAway(steps),
      }),
    };
  }, [format, removeInStore, runDelete, runRestore, scenarioId, t]);
  return { ...commands, isBusy: isDeleting || isRestoring };
}

/** Each of these steps has one version more than before: also one that is there again than when it was deleted. */
function keepRaised(steps: readonly VersionedStep[] | undefined): void {
  for (const { id, version } of steps ?? []) keepOwnVersion(id, version - 1, version);
}
