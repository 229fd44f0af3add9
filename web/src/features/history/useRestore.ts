import { useCallback } from 'react';
import { graphql } from 'relay-runtime';
import { useStepLifecycle } from '../../app/steps/useStepLifecycle';
import { useCommand, type UserErrorData } from '../../app/useCommand';
import type { Messages } from '../../messages/en';
import { sentenceOf } from '../../messages/errors';
import { useFormat, useMessages } from '../../messages/Messages';
import type { useRestoreScenarioMutation } from '../../relay/__generated__/useRestoreScenarioMutation.graphql';
import { labelOfField } from '../../messages/labels';
import type { Outcome, Target } from './outcome';

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

/** Brings a step or a pipeline back that was deleted. A restored step can be deleted again by undo. */
export function useRestore(scenarioId: string): (target: Target) => Promise<Outcome> {
  const t = useMessages();
  const format = useFormat();
  const [restoreScenario] = useCommand<useRestoreScenarioMutation>(RESTORE_SCENARIO);
  const { restore: restoreStep, creation } = useStepLifecycle(scenarioId);

  return useCallback(
    async ({ subjectId: id, isStep, thing }) => {
      const restored = (cleared: readonly string[] = []) => {
        const fields = format.list(cleared.map((name) => labelOfField(t, name)));
        return cleared.length === 0
          ? t.history.restored(thing)
          : `${t.history.restored(thing)} ${t.history.cleared(fields)}`;
      };

      const result = isStep
        ? await restoreStep(id, {
            toast: ({ restoreCrmStep }) => restored(restoreCrmStep?.clearedFields),
            undo: ({ restoreCrmStep }) =>
              restoreCrmStep?.crmStep ? creation(t.history.undoRestore(thing), restoreCrmStep.crmStep) : null,
          })
        : await restoreScenario({
            variables: { id },
            toast: ({ restoreCrmScenario }) => restored(restoreCrmScenario?.clearedFields),
          });
      if (result.is === 'failed') return { is: 'failed' };
      if (result.is === 'done') return { is: 'done' };
      return { is: 'told', sentences: result.errors.map((error) => restoreSentence(t, error)) };
    },
    [creation, format, restoreScenario, restoreStep, t],
  );
}

/** Why something is not restored. NOT_FOUND means something else here than beside a field. */
function restoreSentence(t: Messages, error: UserErrorData): string {
  return error.code === 'NOT_FOUND' ? t.history.notRestorable : sentenceOf(t, error);
}
