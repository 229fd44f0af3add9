import { useCallback } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { outcomeOf, useCommand } from '../../app/useCommand';
import type { UndoOutcome } from '../../app/undo';
import { sentenceOf, sentenceOfFailure } from '../../messages/errors';
import { useMessages } from '../../messages/Messages';
import type { useMoveBackMoveMutation } from '../../relay/__generated__/useMoveBackMoveMutation.graphql';
import type { useMoveBackOrderQuery } from '../../relay/__generated__/useMoveBackOrderQuery.graphql';
import type { Outcome, Target } from './outcome';
import { placementAt } from './putBack';
import { readNow } from './reading';

/** The steps of a pipeline in their order, and the revision that a move of one of them expects. */
const ORDER = graphql`
  query useMoveBackOrderQuery($id: ID!) {
    crmScenario(id: $id) {
      id
      revision
      steps(first: 1000) {
        nodes {
          id
        }
      }
    }
  }
`;

const MOVE = graphql`
  mutation useMoveBackMoveMutation(
    $id: ID!
    $to: CrmStepPlacement!
    $expectedRevision: Int!
    $idempotencyKey: String!
  ) {
    moveCrmStep(id: $id, to: $to, expectedRevision: $expectedRevision, idempotencyKey: $idempotencyKey) {
      crmStep {
        id
        index
      }
      crmScenario {
        id
        revision
        stepsUpdatedAt
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

/** Moves a step to the index that it had before a move. The order is read before, and the move expects its revision. */
export function useMoveBack(): (target: Target, index: number) => Promise<Outcome> {
  const t = useMessages();
  const environment = useRelayEnvironment();
  const [move] = useCommand<useMoveBackMoveMutation>(MOVE);

  return useCallback(
    async (target, index): Promise<Outcome> => {
      const { subjectId: id, scenarioId, thing } = target;
      const place = { pipeline: scenarioId, step: id };
      const order = await readNow<useMoveBackOrderQuery>(environment, ORDER, { id: scenarioId });
      if (order.is === 'unread') return { is: 'told', sentences: [sentenceOfFailure(t, order.failure)] };
      const { crmScenario } = order.data;
      const steps = crmScenario?.steps.nodes.map((step) => step.id) ?? [];
      const present = steps.indexOf(id);
      if (!crmScenario || present === -1) return { is: 'told', sentences: [t.history.subjectGone(thing)] };
      const to = placementAt(steps, id, index);
      if (to === null) return { is: 'told', sentences: [t.history.already(thing)] };

      const result = await move({
        variables: { id, to, expectedRevision: crmScenario.revision },
        toast: t.history.done(thing, t.fields.others.index),
        undo: {
          label: t.history.undoLabel(thing),
          undo: () => moveTo(present),
          redo: () => moveTo(index),
        },
      });
      if (result.is === 'failed') return { is: 'failed' };
      if (result.is === 'done') return { is: 'done' };
      return { is: 'told', sentences: result.errors.map((error) => sentenceOf(t, error)) };

      /** Reads the order anew, because other steps may have been moved since. */
      async function moveTo(wanted: number): Promise<UndoOutcome> {
        const now = await readNow<useMoveBackOrderQuery>(environment, ORDER, { id: scenarioId });
        if (now.is === 'unread') return { is: 'failed', message: sentenceOfFailure(t, now.failure) };
        const scenario = now.data.crmScenario;
        const ids = scenario?.steps.nodes.map((step) => step.id) ?? [];
        if (!scenario || !ids.includes(id)) return { is: 'stale', ...place };
        const placement = placementAt(ids, id, wanted);
        if (placement === null) return { is: 'done' };
        const moved = await move({ variables: { id, to: placement, expectedRevision: scenario.revision } });
        return outcomeOf(t, moved, place);
      }
    },
    [environment, move, t],
  );
}
