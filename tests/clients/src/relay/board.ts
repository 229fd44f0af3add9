// The documents of a Relay frontend. Only relay-compiler reads this file; the test runs the artifacts that
// it generates.
import { graphql } from "relay-runtime";

graphql`
  query boardQuery($scenarioId: ID!) {
    changesCursor
    crmScenario(id: $scenarioId) {
      id
      revision
      steps(first: 1000) @connection(key: "board_steps") {
        edges {
          node {
            ...boardCard
          }
        }
      }
    }
  }
`;

graphql`
  fragment boardCard on CrmStep {
    id
    index
    name
    version
  }
`;

graphql`
  subscription boardChangesSubscription($scenarioId: ID!, $after: String, $connections: [ID!]!) {
    changes(scenarioId: $scenarioId, after: $after) {
      cursor
      node {
        id
        action
        deletedId @deleteEdge(connections: $connections)
        deletedRecordId: deletedId @deleteRecord
        subject {
          ...boardCard @alias
        }
        crmScenario {
          id
          revision
        }
      }
    }
  }
`;
