// The documents of the components of a Relay frontend. Only relay-compiler reads this file; the test
// runs the artifacts that it generates.
import { graphql } from "relay-runtime";

graphql`
  query pipelineQuery($scenarioId: ID!, $count: Int!) {
    crmScenario(id: $scenarioId) {
      ...pipelineSteps @arguments(count: $count)
    }
  }
`;

graphql`
  fragment pipelineSteps on CrmScenario
  @refetchable(queryName: "pipelineStepsPaginationQuery")
  @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" }) {
    steps(first: $count, after: $cursor) @connection(key: "pipelineSteps_steps") {
      edges {
        node {
          ...pipelineStep
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`;

graphql`
  fragment pipelineStep on CrmStep @refetchable(queryName: "pipelineStepRefetchQuery") {
    id
    index
    name
    version
  }
`;

graphql`
  mutation pipelineCreateScenarioMutation($input: CreateCrmScenarioInput!) {
    createCrmScenario(input: $input) {
      crmScenario {
        id
      }
      userErrors {
        code
      }
    }
  }
`;

graphql`
  mutation pipelineAppendEdgeMutation($input: CreateCrmStepInput!, $connections: [ID!]!) {
    createCrmStep(input: $input) {
      crmStepEdge @appendEdge(connections: $connections) {
        node {
          ...pipelineStep
        }
      }
      userErrors {
        code
      }
    }
  }
`;

graphql`
  mutation pipelineAppendNodeMutation($input: CreateCrmStepInput!, $connections: [ID!]!) {
    createCrmStep(input: $input) {
      crmStep @appendNode(connections: $connections, edgeTypeName: "CrmStepEdge") {
        ...pipelineStep
      }
      userErrors {
        code
      }
    }
  }
`;

graphql`
  mutation pipelinePrependEdgeMutation($input: CreateCrmStepInput!, $connections: [ID!]!) {
    createCrmStep(input: $input, to: { first: true }) {
      crmStepEdge @prependEdge(connections: $connections) {
        node {
          ...pipelineStep
        }
      }
      userErrors {
        code
      }
    }
  }
`;

graphql`
  mutation pipelineUpdateStepMutation(
    $id: ID!
    $input: UpdateCrmStepInput!
    $expectedVersion: Int
  ) {
    updateCrmStep(id: $id, input: $input, expectedVersion: $expectedVersion) {
      crmStep {
        ...pipelineStep
      }
      currentCrmStep {
        ...pipelineStep
      }
      userErrors {
        code
      }
    }
  }
`;

graphql`
  mutation pipelineDeleteStepMutation($id: ID!, $connections: [ID!]!) {
    deleteCrmStep(id: $id) {
      deletedCrmStepId @deleteEdge(connections: $connections)
      userErrors {
        code
      }
    }
  }
`;

graphql`
  mutation pipelineDeleteScenarioMutation($id: ID!, $expectedStepCount: Int!) {
    deleteCrmScenario(id: $id, expectedStepCount: $expectedStepCount) {
      deletedCrmScenarioId @deleteRecord
      userErrors {
        code
      }
    }
  }
`;
