import { useCallback } from 'react';
import { graphql } from 'relay-runtime';
import { useMessages } from '../../messages/Messages';
import type { useDuplicateStepMutation } from '../../relay/__generated__/useDuplicateStepMutation.graphql';
import { useCommand, type CommandOptions } from '../useCommand';
import { sayRefusal } from './sayRefusal';
import type { StepLifecycle } from './useStepLifecycle';

const DUPLICATE = graphql`
  mutation useDuplicateStepMutation($id: ID!, $idempotencyKey: String) {
    duplicateCrmStep(id: $id, idempotencyKey: $idempotencyKey) {
      crmStep {
        ...useStepLifecycle_step @relay(mask: false)
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

interface Options extends Pick<CommandOptions<useDuplicateStepMutation>, 'announce' | 'toast'> {
  /** What undo says. */
  label: string;
  /** Called with the id of the copy, also if that is after "Try again" of the notice. */
  onCopied?: (id: string) => void;
}

/** Copies a step, right behind it, and can take that back. Answers the id of the copy; null if there is none. */
export function useDuplicateStep({
  creation,
}: Pick<StepLifecycle, 'creation'>): [(id: string, options: Options) => Promise<string | null>, boolean] {
  const t = useMessages();
  const [run, isBusy] = useCommand<useDuplicateStepMutation>(DUPLICATE);
  const duplicate = useCallback(
    async (id: string, { label, onCopied, ...options }: Options) => {
      const result = await run({
        ...options,
        variables: { id },
        undo: ({ duplicateCrmStep }) => (duplicateCrmStep?.crmStep ? creation(label, duplicateCrmStep.crmStep) : null),
        onDone({ duplicateCrmStep }) {
          if (duplicateCrmStep?.crmStep) onCopied?.(duplicateCrmStep.crmStep.id);
        },
      });
      sayRefusal(t, result);
      return result.is === 'done' ? (result.response.duplicateCrmStep?.crmStep?.id ?? null) : null;
    },
    [creation, run, t],
  );
  return [duplicate, isBusy];
}
