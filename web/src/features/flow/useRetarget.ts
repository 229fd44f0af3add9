import { useCallback } from 'react';
import { graphql } from 'relay-runtime';
import { keepOwnVersion, ownVersion } from '../../app/ownVersions';
import { outcomeOf, useCommand } from '../../app/useCommand';
import { sentenceOf } from '../../messages/errors';
import { useMessages } from '../../messages/Messages';
import type { useRetargetMutation } from '../../relay/__generated__/useRetargetMutation.graphql';
import { showToast } from '../../ui/toasts';

const RETARGET = graphql`
  mutation useRetargetMutation($id: ID!, $input: UpdateCrmStepInput!, $expectedVersion: Int, $idempotencyKey: String) {
    updateCrmStep(id: $id, input: $input, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      crmStep {
        id
        version
        autoNextStepId
        autoNextStep {
          id
          name
        }
      }
      crmScenario {
        id
        revision
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

/** The step whose timer is led elsewhere. */
export interface Retargeted {
  id: string;
  pipelineId: string;
  name: string;
  version: number;
  /** The id in its `autoNextStepId`: null if its timer leads to the following step. */
  targetId: string | null;
}

/** Leads the timer of a step to another step, with undo. Whether it was stored. */
export function useRetarget(): (step: Retargeted, to: { id: string; name: string }) => Promise<boolean> {
  const t = useMessages();
  const [run] = useCommand<useRetargetMutation>(RETARGET);

  return useCallback(
    async (step, to) => {
      let version = step.version;
      const place = { pipeline: step.pipelineId, step: step.id };
      const lead = async (
        autoNextStepId: string | null,
        options: Omit<Parameters<typeof run>[0], 'variables'> = {},
      ) => {
        // Later commands of this tab are undone by now, which has made versions of its own.
        const expectedVersion = ownVersion(step.id, version);
        return run({
          ...options,
          variables: { id: step.id, input: { autoNextStepId }, expectedVersion },
          onDone({ updateCrmStep }) {
            if (!updateCrmStep?.crmStep) return;
            version = updateCrmStep.crmStep.version;
            keepOwnVersion(step.id, expectedVersion, version);
          },
        });
      };
      const result = await lead(to.id, {
        toast: t.flow.retargeted(step.name, to.name),
        undo: {
          label: t.flow.retargetLabel(step.name),
          undo: async () => outcomeOf(t, await lead(step.targetId), place),
          redo: async () => outcomeOf(t, await lead(to.id), place),
        },
      });
      const [refusal] = result.is === 'refused' ? result.errors : [];
      if (refusal !== undefined) showToast({ tone: 'danger', text: sentenceOf(t, refusal) });
      return result.is === 'done';
    },
    [run, t],
  );
}
