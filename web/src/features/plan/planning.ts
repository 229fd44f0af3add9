import { graphql } from 'relay-runtime';
import type { planningPlanMutation } from '../../relay/__generated__/planningPlanMutation.graphql';

/** Asks what a file would change, and changes nothing. */
export const PLAN = graphql`
  mutation planningPlanMutation($input: ApplyCrmScenarioInput!) {
    applyCrmScenario(input: $input, validateOnly: true) {
      plan {
        action
        isEmpty
        revision
        created
        updated
        moved
        deleted
        unchanged
        fields {
          name
          before
          after
        }
        steps {
          action
          isMoved
          key
          name
          indexBefore
          indexAfter
          crmStep {
            id
            scenarioId
          }
          fields {
            name
            before
            after
          }
        }
      }
      diagnostics {
        code
        severity
        message
        params {
          name
          value
        }
        stepIndexes
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

/** Carries a file out, if the pipeline is still the one of the plan. */
export const APPLY = graphql`
  mutation planningApplyMutation($input: ApplyCrmScenarioInput!, $expectedRevision: Int!, $idempotencyKey: String!) {
    applyCrmScenario(input: $input, expectedRevision: $expectedRevision, idempotencyKey: $idempotencyKey) {
      crmScenario {
        id
        name
        key
        description
        revision
        version
        updatedAt
        stepCount
        stepsUpdatedAt
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

type Payload = NonNullable<planningPlanMutation['response']['applyCrmScenario']>;

/** What a file would change. */
export type Plan = NonNullable<Payload['plan']>;
export type StepPlan = Plan['steps'][number];
export type Diagnostic = Payload['diagnostics'][number];

/** What is sent: a file as the service takes it. */
export type PlanInput = planningPlanMutation['variables']['input'];
