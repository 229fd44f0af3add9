import { graphql } from 'relay-runtime';
import { useCommand } from '../../app/useCommand';
import { useMessages } from '../../messages/Messages';
import type { useAgentCommandsCreateMutation } from '../../relay/__generated__/useAgentCommandsCreateMutation.graphql';
import type { useAgentCommandsDeleteMutation } from '../../relay/__generated__/useAgentCommandsDeleteMutation.graphql';
import type { useAgentCommandsUpdateMutation } from '../../relay/__generated__/useAgentCommandsUpdateMutation.graphql';
import { useEntityCommands, type EntityCommands } from '../directory/dialogs';

const CREATE = graphql`
  mutation useAgentCommandsCreateMutation($input: CreateAgentInput!, $idempotencyKey: String) {
    payload: createAgent(input: $input, idempotencyKey: $idempotencyKey) {
      entity: agent {
        id
        version
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

const UPDATE = graphql`
  mutation useAgentCommandsUpdateMutation(
    $id: ID!
    $input: UpdateAgentInput!
    $expectedVersion: Int!
    $idempotencyKey: String
  ) {
    payload: updateAgent(id: $id, input: $input, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      entity: agent {
        id
        version
        ...AgentRow_agent
      }
      current: currentAgent {
        id
        name
        iconUrl
        version
        history(first: 1, orderBy: { direction: DESC }) {
          nodes {
            tokenName
          }
        }
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

const DELETE = graphql`
  mutation useAgentCommandsDeleteMutation(
    $id: ID!
    $expectedVersion: Int!
    $idempotencyKey: String
    $connections: [ID!]!
  ) {
    payload: deleteAgent(id: $id, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      deletedAgentId @deleteEdge(connections: $connections)
      currentAgent {
        id
        version
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

/** What the form of an agent gives. */
export type AgentFields = useAgentCommandsCreateMutation['variables']['input'];

/** What can be done with agents. */
export function useAgentCommands(): EntityCommands<AgentFields> {
  const [create] = useCommand<useAgentCommandsCreateMutation>(CREATE);
  const [update] = useCommand<useAgentCommandsUpdateMutation>(UPDATE);
  const [remove] = useCommand<useAgentCommandsDeleteMutation>(DELETE);
  return useEntityCommands({ create, update, remove }, useMessages().agents);
}
