import { graphql } from 'relay-runtime';
import { useCommand } from '../../app/useCommand';
import { useMessages } from '../../messages/Messages';
import type { usePersonCommandsCreateMutation } from '../../relay/__generated__/usePersonCommandsCreateMutation.graphql';
import type { usePersonCommandsDeleteMutation } from '../../relay/__generated__/usePersonCommandsDeleteMutation.graphql';
import type { usePersonCommandsUpdateMutation } from '../../relay/__generated__/usePersonCommandsUpdateMutation.graphql';
import { useEntityCommands, type EntityCommands } from '../directory/dialogs';

const CREATE = graphql`
  mutation usePersonCommandsCreateMutation($input: CreateMembershipInput!, $idempotencyKey: String) {
    payload: createMembership(input: $input, idempotencyKey: $idempotencyKey) {
      entity: membership {
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
  mutation usePersonCommandsUpdateMutation(
    $id: ID!
    $input: UpdateMembershipInput!
    $expectedVersion: Int!
    $idempotencyKey: String
  ) {
    payload: updateMembership(
      id: $id
      input: $input
      expectedVersion: $expectedVersion
      idempotencyKey: $idempotencyKey
    ) {
      entity: membership {
        id
        version
        ...PersonRow_membership
      }
      current: currentMembership {
        id
        name
        email
        role
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
  mutation usePersonCommandsDeleteMutation(
    $id: ID!
    $expectedVersion: Int!
    $idempotencyKey: String
    $connections: [ID!]!
  ) {
    payload: deleteMembership(id: $id, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      deletedMembershipId @deleteEdge(connections: $connections)
      currentMembership {
        id
        version
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

/** What the form of a person gives. */
export type PersonFields = usePersonCommandsCreateMutation['variables']['input'];

/** What can be done with people. */
export function usePersonCommands(): EntityCommands<PersonFields> {
  const [create] = useCommand<usePersonCommandsCreateMutation>(CREATE);
  const [update] = useCommand<usePersonCommandsUpdateMutation>(UPDATE);
  const [remove] = useCommand<usePersonCommandsDeleteMutation>(DELETE);
  return useEntityCommands({ create, update, remove }, useMessages().people);
}
