import { graphql } from 'relay-runtime';

/** Creates a step. */
export const CREATE = graphql`
  mutation stepMutationsCreateMutation($input: CreateCrmStepInput!, $to: CrmStepPlacement, $idempotencyKey: String) {
    createCrmStep(input: $input, to: $to, idempotencyKey: $idempotencyKey) {
      crmStep {
        id
        name
        version
        ...storedStep_step
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

/** Changes a step, unless somebody else has done so. */
export const UPDATE = graphql`
  mutation stepMutationsUpdateMutation(
    $id: ID!
    $input: UpdateCrmStepInput!
    $expectedVersion: Int
    $idempotencyKey: String
  ) {
    updateCrmStep(id: $id, input: $input, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      crmStep {
        id
        version
        ...storedStep_step
      }
      currentCrmStep {
        id
        ...storedStep_step
      }
      crmScenario {
        id
        revision
        stepsUpdatedAt
        diagnosticCounts {
          errors
          warnings
          infos
        }
      }
      diagnostics {
        ...problems_diagnostic
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;
