import { useCallback } from 'react';
import { graphql } from 'relay-runtime';
import { keepOwnVersion, ownVersion } from '../../app/ownVersions';
import type { VersionedStep } from '../../app/steps/useStepLifecycle';
import type { UndoOutcome } from '../../app/undo';
import { outcomeOf, useCommand, type CommandResult } from '../../app/useCommand';
import { useMessages } from '../../messages/Messages';
import type { useUpdateStepsMutation } from '../../relay/__generated__/useUpdateStepsMutation.graphql';
import { groupsByFormerValues } from './bulk';

const UPDATE = graphql`
  mutation useUpdateStepsMutation(
    $ids: [ID!]!
    $input: UpdateCrmStepInput!
    $expectedVersions: [Int!]
    $idempotencyKey: String
  ) {
    updateCrmSteps(ids: $ids, input: $input, expectedVersions: $expectedVersions, idempotencyKey: $idempotencyKey) {
      crmSteps {
        ...stepSummary_step
        id
        version
      }
      currentCrmSteps {
        ...stepSummary_step
        id
        name
        history(first: 1, orderBy: { direction: DESC }) {
          nodes {
            id
            tokenName
          }
        }
      }
      crmScenario {
        id
        revision
        diagnosticCounts {
          errors
          warnings
          infos
        }
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

export type Update = useUpdateStepsMutation;

/** The fields that several steps can be given at once. */
export type CommonValues = Readonly<Partial<Record<'agentId' | 'defaultStatus' | 'defaultPriority', string | null>>>;

/** A step to change, with the values that the change takes the place of. */
export interface FormerStep extends VersionedStep {
  values: CommonValues;
}

/** Gives several steps the same values, unless one of them has another version by now, and can give back the former. */
export function useUpdateSteps(
  scenarioId: string,
): (steps: readonly FormerStep[], values: CommonValues) => Promise<CommandResult<Update>> {
  const t = useMessages();
  const [run] = useCommand<Update>(UPDATE);
  return useCallback(
    (steps, values) => {
      const versions = new Map(steps.map(({ id, version }) => [id, version]));
      const variablesOf = (ids: string[], input: CommonValues) => ({
        ids,
        // The values come from the schema's own lists.
        input: input as Update['variables']['input'],
        expectedVersions: ids.map(expectedOf),
      });
      const expectedOf = (id: string) => ownVersion(id, versions.get(id) ?? 0);
      const keep = (response: Update['response']) => {
        for (const { id, version } of response.updateCrmSteps?.crmSteps ?? []) {
          keepOwnVersion(id, expectedOf(id), version);
          versions.set(id, version);
        }
      };
      async function send(ids: string[], input: CommonValues): Promise<UndoOutcome> {
        const result = await run({ variables: variablesOf(ids, input) });
        if (result.is === 'done') keep(result.response);
        return outcomeOf(t, result, ({ updateCrmSteps: payload }) => {
          const current = payload?.currentCrmSteps[0];
          return { by: current?.history.nodes[0]?.tokenName, pipeline: scenarioId, step: current?.id };
        });
      }

      const ids = steps.map(({ id }) => id);
      return run({
        variables: variablesOf(ids, values),
        toast: t.board.updated(ids.length),
        undo: (response) => {
          keep(response);
          return {
            label: t.board.updateLabel(ids.length),
            undo: async () => {
              for (const group of groupsByFormerValues(steps)) {
                const outcome = await send(group.ids, group.values);
                if (outcome.is !== 'done') return outcome;
              }
              return { is: 'done' };
            },
            redo: () => send(ids, values),
          };
        },
      });
    },
    [scenarioId, run, t],
  );
}
