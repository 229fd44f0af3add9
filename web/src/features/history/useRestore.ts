import { useCallback } from 'react';
import { graphql } from 'relay-runtime';
import { outcomeOf, useCommand, type UserErrorData } from '../../app/useCommand';
import type { UndoEntry, UndoOutcome } from '../../app/undo';
import type { Messages } from '../../messages/en';
import { sentenceOf } from '../../messages/errors';
import { useFormat, useMessages } from '../../messages/Messages';
import type { useRestoreDeleteStepMutation } from '../../relay/__generated__/useRestoreDeleteStepMutation.graphql';
import type { useRestoreScenarioMutation } from '../../relay/__generated__/useRestoreScenarioMutation.graphql';
import type { useRestoreOfStepMutation } from '../../relay/__generated__/useRestoreOfStepMutation.graphql';
import { labelOfField } from '../../messages/labels';
import type { Outcome, Target } from './outcome';

const RESTORE_STEP = graphql`
  mutation useRestoreOfStepMutation($id: ID!, $idempotencyKey: String!) {
    restoreCrmStep(id: $id, idempotencyKey: $idempotencyKey) {
      crmStep {
        id
        index
        name
        version
      }
      crmScenario {
        id
        revision
        stepCount
        stepsUpdatedAt
      }
      clearedFields
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

const RESTORE_SCENARIO = graphql`
  mutation useRestoreScenarioMutation($id: ID!, $idempotencyKey: String!) {
    restoreCrmScenario(id: $id, idempotencyKey: $idempotencyKey) {
      crmScenario {
        id
        name
        revision
        stepCount
        version
      }
      clearedFields
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

const DELETE_STEP = graphql`
  mutation useRestoreDeleteStepMutation($id: ID!, $expectedVersion: Int!, $idempotencyKey: String!) {
    deleteCrmStep(id: $id, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      deletedCrmStepId
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

/** Brings a step or a pipeline back that was deleted. A restored step can be deleted again by undo. */
export function useRestore(): (target: Target) => Promise<Outcome> {
  const t = useMessages();
  const format = useFormat();
  const [restoreStep] = useCommand<useRestoreOfStepMutation>(RESTORE_STEP);
  const [restoreScenario] = useCommand<useRestoreScenarioMutation>(RESTORE_SCENARIO);
  const [deleteStep] = useCommand<useRestoreDeleteStepMutation>(DELETE_STEP);

  return useCallback(
    async ({ subjectId: id, isStep, scenarioId, thing }) => {
      const place = { pipeline: scenarioId, step: id };
      const restored = (cleared: readonly string[] = []) => {
        const fields = format.list(cleared.map((name) => labelOfField(t, name)));
        return cleared.length === 0
          ? t.history.restored(thing)
          : `${t.history.restored(thing)} ${t.history.cleared(fields)}`;
      };

      /** Undo deletes it in the version that restoring it has answered. */
      function undoOf(version: number): UndoEntry {
        let expectedVersion = version;
        return {
          label: t.history.undoRestore(thing),
          undo: async (): Promise<UndoOutcome> =>
            outcomeOf(t, await deleteStep({ variables: { id, expectedVersion } }), place),
          redo: async (): Promise<UndoOutcome> => {
            const again = await restoreStep({ variables: { id } });
            if (again.is === 'done')
              expectedVersion = again.response.restoreCrmStep?.crmStep?.version ?? expectedVersion;
            return outcomeOf(t, again, place);
          },
        };
      }

      const result = isStep
        ? await restoreStep({
            variables: { id },
            toast: ({ restoreCrmStep }) => restored(restoreCrmStep?.clearedFields),
            undo: ({ restoreCrmStep }) => (restoreCrmStep?.crmStep ? undoOf(restoreCrmStep.crmStep.version) : null),
          })
        : await restoreScenario({
            variables: { id },
            toast: ({ restoreCrmScenario }) => restored(restoreCrmScenario?.clearedFields),
          });
      if (result.is === 'failed') return { is: 'failed' };
      if (result.is === 'done') return { is: 'done' };
      return { is: 'told', sentences: result.errors.map((error) => restoreSentence(t, error)) };
    },
    [deleteStep, format, restoreScenario, restoreStep, t],
  );
}

/** Why something is not restored. NOT_FOUND means something else here than beside a field. */
function restoreSentence(t: Messages, error: UserErrorData): string {
  return error.code === 'NOT_FOUND' ? t.history.notRestorable : sentenceOf(t, error);
}
