import { graphql } from 'relay-runtime';

// What one of them answers about a conflict is how the pipeline is now, and who changed it last.

/** A pipeline that is new in the list: what its row shows, and what taking it back expects. */
graphql`
  fragment mutations_made on CrmScenario {
    id
    name
    version
    stepCount
    ...PipelineRow_scenario
  }
`;

export const CREATE = graphql`
  mutation mutationsCreateMutation($input: CreateCrmScenarioInput!, $idempotencyKey: String, $connections: [ID!]!) {
    createCrmScenario(input: $input, idempotencyKey: $idempotencyKey) {
      crmScenarioEdge @prependEdge(connections: $connections) {
        node {
          ...mutations_made @relay(mask: false)
        }
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

export const RENAME = graphql`
  mutation mutationsRenameMutation($id: ID!, $name: String!, $expectedVersion: Int!, $idempotencyKey: String) {
    updateCrmScenario(
      id: $id
      input: { name: $name }
      expectedVersion: $expectedVersion
      idempotencyKey: $idempotencyKey
    ) {
      crmScenario {
        id
        name
        version
        revision
        updatedAt
      }
      currentCrmScenario {
        ...mutations_current
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

export const DUPLICATE = graphql`
  mutation mutationsDuplicateMutation($id: ID!, $idempotencyKey: String, $connections: [ID!]!) {
    duplicateCrmScenario(id: $id, idempotencyKey: $idempotencyKey) {
      crmScenarioEdge @prependEdge(connections: $connections) {
        node {
          ...mutations_made @relay(mask: false)
        }
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

export const DELETE = graphql`
  mutation mutationsDeleteMutation(
    $id: ID!
    $expectedVersion: Int!
    $expectedStepCount: Int!
    $idempotencyKey: String
    $connections: [ID!]!
  ) {
    deleteCrmScenario(
      id: $id
      expectedVersion: $expectedVersion
      expectedStepCount: $expectedStepCount
      idempotencyKey: $idempotencyKey
    ) {
      deletedCrmScenarioId @deleteEdge(connections: $connections)
      currentCrmScenario {
        ...mutations_current
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

export const RESTORE = graphql`
  mutation mutationsRestoreMutation($id: ID!, $idempotencyKey: String, $connections: [ID!]!) {
    restoreCrmScenario(id: $id, idempotencyKey: $idempotencyKey) {
      crmScenarioEdge @prependEdge(connections: $connections) {
        node {
          ...mutations_made @relay(mask: false)
        }
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

export const CURRENT = graphql`
  fragment mutations_current on CrmScenario @inline {
    id
    name
    version
    stepCount
    revision
    history(first: 1, orderBy: { direction: DESC }) {
      nodes {
        tokenName
      }
    }
  }
`;
