import { useMemo } from 'react';
import { graphql } from 'relay-runtime';
import { keepOwnVersion, ownVersion } from '../../app/ownVersions';
import type { UndoEntry } from '../../app/undo';
import { outcomeOf, useCommand, type RunCommand } from '../../app/useCommand';
import { labelOfField } from '../../messages/labels';
import { useFormat, useMessages } from '../../messages/Messages';
import type {
  useLifecycleDeleteMutation,
  useLifecycleDeleteMutation$data,
} from '../../relay/__generated__/useLifecycleDeleteMutation.graphql';
import type {
  useLifecycleRestoreMutation,
  useLifecycleRestoreMutation$data,
} from '../../relay/__generated__/useLifecycleRestoreMutation.graphql';
import { showToast } from '../../ui/toasts';

const DELETE = graphql`
  mutation useLifecycleDeleteMutation($id: ID!, $expectedVersion: Int, $idempotencyKey: String) {
    deleteCrmStep(id: $id, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      deletedCrmStepId
      crmStepsWithoutTimer {
        id
        version
        autoNextTime
        autoNextTimeUnit
        autoNextDelaySeconds
        autoNextStepId
        autoNextStep {
          id
          name
        }
      }
      currentCrmStep {
        id
        ...storedStep_step
        lastChange: history(first: 1, orderBy: { direction: DESC }, filter: { actions: [CREATED, UPDATED, RESTORED] }) {
          nodes {
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
  mutation useLifecycleRestoreMutation($id: ID!, $idempotencyKey: String) {
    restoreCrmStep(id: $id, idempotencyKey: $idempotencyKey) {
      crmStep {
        id
        name
        version
        ...storedStep_step
      }
      clearedFields
      crmStepsWithTimer {
        id
        version
        autoNextTime
        autoNextTimeUnit
        autoNextDelaySeconds
        autoNextStepId
        autoNextStep {
          id
          name
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

/** A step that was created or is deleted, as far as an undo needs it. */
export interface LivingStep {
  readonly id: string;
  readonly version: number;
  readonly name: string;
}

/** How steps of a pipeline are deleted and come back, and how both are undone. */
export interface Lifecycle {
  readonly remove: (step: LivingStep) => ReturnType<RunCommand<useLifecycleDeleteMutation>>;
  readonly restore: (id: string, name: string) => ReturnType<RunCommand<useLifecycleRestoreMutation>>;
  /** The undo of having created this step. */
  readonly creation: (label: string, step: LivingStep) => UndoEntry;
  readonly isBusy: boolean;
}

export function useLifecycle(scenarioId: string): Lifecycle {
  const t = useMessages();
  const format = useFormat();
  const [runRemove, isRemoving] = useCommand<useLifecycleDeleteMutation>(DELETE);
  const [runRestore, isRestoring] = useCommand<useLifecycleRestoreMutation>(RESTORE);
  const actions = useMemo(() => {
    const place = (id: string) => ({ pipeline: scenarioId, step: id });

    async function undoRemoval(step: LivingStep, onDone: (version: number) => void) {
      const result = await runRestore({
        variables: { id: step.id },
        onDone(response) {
          const version = response.restoreCrmStep?.crmStep?.version ?? step.version;
          keepOwnVersion(step.id, step.version, version);
          keepTimers(response.restoreCrmStep?.crmStepsWithTimer);
          onDone(version);
          // The undo announces that it is restored.
          if (clearedOf(response).length > 0) showToast({ text: said(response, step.name) });
        },
      });
      return outcomeOf(t, result, place(step.id));
    }

    function removal({ id, version }: LivingStep) {
      const onDone = ({ deleteCrmStep }: useLifecycleDeleteMutation$data) =>
        keepTimers(deleteCrmStep?.crmStepsWithoutTimer);
      return { variables: { id, expectedVersion: ownVersion(id, version) }, onDone };
    }

    async function redoRemoval(step: LivingStep) {
      const result = await runRemove(removal(step));
      return outcomeOf(t, result, (response) => ({ ...place(step.id), by: changedBy(response) }));
    }

    function said(response: useLifecycleRestoreMutation$data, name: string): string {
      const cleared = clearedOf(response);
      const fields = format.list(cleared.map((field) => labelOfField(t, field)));
      return cleared.length === 0 ? t.step.restored(name) : t.step.restoredWithout(name, fields);
    }

    /** A step that is removed by one of undo and redo, and brought back by the other. */
    function entries(label: string, step: LivingStep, isCreation: boolean): UndoEntry {
      let present = step;
      const bringBack = () => undoRemoval(present, (version) => (present = { ...present, version }));
      const takeAway = () => redoRemoval(present);
      return isCreation ? { label, undo: takeAway, redo: bringBack } : { label, undo: bringBack, redo: takeAway };
    }

    return {
      remove: (step: LivingStep) =>
        runRemove({
          ...removal(step),
          undo: entries(t.step.undoDelete(step.name), step, false),
          toast: t.step.deleted(step.name),
        }),
      restore: (id: string, name: string) =>
        runRestore({ variables: { id }, toast: (response) => said(response, name) }),
      creation: (label: string, step: LivingStep) => entries(label, step, true),
    };
  }, [format, runRemove, runRestore, scenarioId, t]);
  return { ...actions, isBusy: isRemoving || isRestoring };
}

/** Timers that went or came back with a step are changes of this tab, too. */
function keepTimers(steps: readonly { readonly id: string; readonly version: number }[] | undefined): void {
  for (const { id, version } of steps ?? []) keepOwnVersion(id, version - 1, version);
}

/** The fields that the step had, and that what they refer to is gone for. */
function clearedOf({ restoreCrmStep }: useLifecycleRestoreMutation$data): readonly string[] {
  return restoreCrmStep?.clearedFields ?? [];
}

function changedBy({ deleteCrmStep }: useLifecycleDeleteMutation$data): string | undefined {
  return deleteCrmStep?.currentCrmStep?.lastChange.nodes[0]?.tokenName;
}
