import { useCallback } from 'react';
import { graphql } from 'relay-runtime';
import { keepOwnVersion } from '../../app/ownVersions';
import { useCommand, type CommandResult } from '../../app/useCommand';
import type { useRestoreStepMutation } from '../../relay/__generated__/useRestoreStepMutation.graphql';

const RESTORE = graphql`
  mutation useRestoreStepMutation($id: ID!, $idempotencyKey: String) {
    restoreCrmStep(id: $id, idempotencyKey: $idempotencyKey) {
      crmStep {
        ...stepSummary_step
        id
        version
      }
      crmStepsWithTimer {
        ...stepSummary_step
        id
        version
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

/** Brings a deleted step back. */
export function useRestoreStep(): (id: string) => Promise<CommandResult<useRestoreStepMutation>> {
  const [run] = useCommand<useRestoreStepMutation>(RESTORE);
  return useCallback(
    (id) =>
      run({
        variables: { id },
        // A restored step has one version more than when it was deleted.
        onDone: ({ restoreCrmStep: payload }) => {
          const steps = [...(payload?.crmStep ? [payload.crmStep] : []), ...(payload?.crmStepsWithTimer ?? [])];
          for (const { id: stepId, version } of steps) keepOwnVersion(stepId, version - 1, version);
        },
      }),
    [run],
  );
}
