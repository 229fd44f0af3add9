// Pipelines for tests, made by the API.

import { graphql } from './api.mjs';

/**
 * Stores a pipeline with these steps, each at least `{ name }` and with the fields of a specification. Its id and, by
 * index, the ids of its steps.
 */
export async function pipelineOf(steps, name = 'Pipeline of a test') {
  const input = { name, steps: steps.map((step, index) => ({ key: `step-${index}`, prompt: 'Answer.', ...step })) };
  const { applyCrmScenario } = await graphql(
    `
      mutation ($input: ApplyCrmScenarioInput!) {
        applyCrmScenario(input: $input) {
          crmScenario {
            id
            steps(first: 1000) {
              nodes {
                id
              }
            }
          }
          userErrors {
            field
            code
            message
          }
        }
      }
    `,
    { input },
  );
  const { crmScenario, userErrors } = applyCrmScenario;
  if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors));
  return { id: crmScenario.id, stepIds: crmScenario.steps.nodes.map((step) => step.id) };
}

/** A timer of a specification: after so many hours to the step with this index, or to the following one. */
export function timer(hours, to) {
  const target = to === undefined ? {} : { autoNextStepKey: `step-${to}` };
  return { ...target, autoNextTime: hours, autoNextTimeUnit: 'h' };
}
