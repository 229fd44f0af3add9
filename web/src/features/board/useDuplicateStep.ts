import { useCallback } from 'react';
import { graphql } from 'relay-runtime';
import { outcomeOf, useCommand } from '../../app/useCommand';
import { sentenceOf } from '../../messages/errors';
import { useMessages } from '../../messages/Messages';
import type { useDuplicateStepMutation } from '../../relay/__generated__/useDuplicateStepMutation.graphql';
import { showToast } from '../../ui/toasts';
import { useRestoreStep } from './useRestoreStep';
import { useSendDeletion } from './useSendDeletion';

const DUPLICATE = graphql`
  mutation useDuplicateStepMutation($id: ID!, $idempotencyKey: String) {
    duplicateCrmStep(id: $id, idempotencyKey: $idempotencyKey) {
      crmStep {
        ...stepSummary_step
        id
        version
        name
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

/** Copies a step, right behind it, and can take that back. Answers the id of the copy; null if there is none. */
export function useDuplicateStep(
  scenarioId: string,
  nameOf: (id: string) => string,
): (id: string) => Promise<string | null> {
  const t = useMessages();
  const [run] = useCommand<useDuplicateStepMutation>(DUPLICATE);
  const remove = useSendDeletion(scenarioId);
  const restore = useRestoreStep();
  return useCallback(
    async (id) => {
      const name = nameOf(id);
      const result = await run({
        variables: { id },
        announce: t.board.duplicated(name),
        undo: ({ duplicateCrmStep: payload }) => {
          const copy = payload?.crmStep;
          if (!copy) return null;
          const place = { pipeline: scenarioId, step: copy.id };
          return {
            label: t.board.duplicateLabel(name),
            undo: async () => outcomeOf(t, await remove([copy]), place),
            redo: async () => outcomeOf(t, await restore(copy.id), place),
          };
        },
      });
      const [error] = result.is === 'refused' ? result.errors : [];
      if (error !== undefined) showToast({ tone: 'danger', text: sentenceOf(t, error) });
      return result.is === 'done' ? (result.response.duplicateCrmStep?.crmStep?.id ?? null) : null;
    },
    [scenarioId, nameOf, run, remove, restore, t],
  );
}
