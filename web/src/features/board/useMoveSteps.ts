import { useCallback } from 'react';
import { graphql } from 'relay-runtime';
import type { UndoOutcome } from '../../app/undo';
import { outcomeOf, useCommand } from '../../app/useCommand';
import { useMessages } from '../../messages/Messages';
import type { useMoveStepsMutation } from '../../relay/__generated__/useMoveStepsMutation.graphql';
import { showToast } from '../../ui/toasts';
import { movesBack, reorder, type Move, type Placement } from './order';
import { moveInStore, shownOrder } from './stepOrder';

const MOVE = graphql`
  mutation useMoveStepsMutation($ids: [ID!]!, $to: CrmStepPlacement!, $idempotencyKey: String) {
    moveCrmSteps(ids: $ids, to: $to, idempotencyKey: $idempotencyKey) {
      crmScenario {
        ...order_scenario
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

/**
 * Moves steps together, shows them at their new place at once, and can take it back. A move changes no version, so that
 * it needs none: it overwrites nothing, and where the others are meanwhile is what `to` is beside.
 */
export function useMoveSteps(
  scenarioId: string,
  nameOf: (id: string) => string,
): (ids: readonly string[], to: Placement) => Promise<void> {
  const t = useMessages();
  const [run] = useCommand<useMoveStepsMutation>(MOVE);
  return useCallback(
    async (ids, to) => {
      const former = shownOrder(scenarioId);
      const order = reorder(former, ids, to);
      if (order.every((id, index) => id === former[index])) return;
      const [first] = ids;
      if (first === undefined) return;

      const optionsOf = (move: Move) => ({
        variables: move,
        optimisticUpdater: (store: Parameters<typeof moveInStore>[0]) => moveInStore(store, scenarioId, move),
      });
      const send = (move: Move) => run(optionsOf(move));
      const position = order.indexOf(first) + 1;
      const result = await run({
        ...optionsOf({ ids: [...ids], to }),
        announce:
          ids.length === 1
            ? t.board.moved(nameOf(first), position, order.length)
            : t.board.movedMany(ids.length, position),
        undo: {
          label: ids.length === 1 ? t.board.moveLabel(nameOf(first)) : t.board.moveManyLabel(ids.length),
          undo: async (): Promise<UndoOutcome> => {
            for (const move of movesBack(former, ids, new Set(shownOrder(scenarioId)))) {
              const outcome = outcomeOf(t, await send(move), { pipeline: scenarioId, step: move.ids[0] });
              if (outcome.is !== 'done') return outcome;
            }
            return { is: 'done' };
          },
          redo: async () => {
            const present = new Set(shownOrder(scenarioId));
            const result = await send({ ids: ids.filter((id) => present.has(id)), to });
            return outcomeOf(t, result, { pipeline: scenarioId, step: first });
          },
        },
      });
      if (result.is === 'refused') showToast({ tone: 'danger', text: t.board.moveRefused });
    },
    [scenarioId, nameOf, run, t],
  );
}
