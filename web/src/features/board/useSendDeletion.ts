import { useCallback } from 'react';
import { graphql } from 'relay-runtime';
import { keepOwnVersion, ownVersion } from '../../app/ownVersions';
import { useCommand, type CommandOptions, type CommandResult } from '../../app/useCommand';
import type { useSendDeletionMutation } from '../../relay/__generated__/useSendDeletionMutation.graphql';
import { removeInStore } from './stepOrder';

const DELETE = graphql`
  mutation useSendDeletionMutation($ids: [ID!]!, $expectedVersions: [Int!], $idempotencyKey: String) {
    deleteCrmSteps(ids: $ids, expectedVersions: $expectedVersions, idempotencyKey: $idempotencyKey) {
      deletedCrmStepIds
      crmStepsWithoutTimer {
        ...stepSummary_step
        id
        version
      }
      currentCrmSteps {
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

export type Deletion = useSendDeletionMutation;

/** A step that is deleted only if it is still at this version. */
export interface VersionedStep {
  id: string;
  version: number;
}

type Options = Pick<CommandOptions<Deletion>, 'toast' | 'undo'>;

/** Deletes steps, all or none, unless one of them has another version by now. They are gone from the list at once. */
export function useSendDeletion(
  scenarioId: string,
): (steps: readonly VersionedStep[], options?: Options) => Promise<CommandResult<Deletion>> {
  const [run] = useCommand<Deletion>(DELETE);
  return useCallback(
    (steps, options = {}) => {
      const ids = steps.map(({ id }) => id);
      return run({
        ...options,
        variables: { ids, expectedVersions: steps.map(({ id, version }) => ownVersion(id, version)) },
        onDone: ({ deleteCrmSteps: payload }) => {
          for (const { id, version } of payload?.crmStepsWithoutTimer ?? []) keepOwnVersion(id, version - 1, version);
        },
        optimisticUpdater: (store) => removeInStore(store, scenarioId, ids),
      });
    },
    [run, scenarioId],
  );
}
