import { useMemo } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { outcomeOf, useCommand, type CommandResult } from '../../app/useCommand';
import type { UndoEntry, UndoOutcome } from '../../app/undo';
import { useMessages } from '../../messages/Messages';
import type { usePersonCommandsCreateMutation } from '../../relay/__generated__/usePersonCommandsCreateMutation.graphql';
import type { usePersonCommandsDeleteMutation } from '../../relay/__generated__/usePersonCommandsDeleteMutation.graphql';
import type { usePersonCommandsUpdateMutation } from '../../relay/__generated__/usePersonCommandsUpdateMutation.graphql';
import { refreshPage } from '../../relay/pageQueries';

const CREATE = graphql`
  mutation usePersonCommandsCreateMutation($input: CreateMembershipInput!, $idempotencyKey: String) {
    createMembership(input: $input, idempotencyKey: $idempotencyKey) {
      membership {
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
    updateMembership(id: $id, input: $input, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      membership {
        id
        ...PersonRow_membership
        version
      }
      currentMembership {
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
    deleteMembership(id: $id, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
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

export type CreateInput = usePersonCommandsCreateMutation['variables']['input'];
export type UpdateInput = usePersonCommandsUpdateMutation['variables']['input'];

/** A person as somebody saw it when they chose what to do with it. */
export interface Seen {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

export interface Commands {
  create: (input: CreateInput) => Promise<CommandResult<usePersonCommandsCreateMutation>>;
  /** `before` are the values that the changed fields had. */
  update: (
    seen: Seen,
    input: UpdateInput,
    before: UpdateInput,
  ) => Promise<CommandResult<usePersonCommandsUpdateMutation>>;
  /** There is no way back from it. */
  remove: (
    seen: Seen,
    connection: string,
    onDone: () => void,
  ) => Promise<CommandResult<usePersonCommandsDeleteMutation>>;
}

/** What can be done with people. Creating and changing can be undone; the service restores no deleted ones. */
export function usePersonCommands(): Commands {
  const t = useMessages();
  const environment = useRelayEnvironment();
  const [runCreate] = useCommand<usePersonCommandsCreateMutation>(CREATE);
  const [runUpdate] = useCommand<usePersonCommandsUpdateMutation>(UPDATE);
  const [runDelete] = useCommand<usePersonCommandsDeleteMutation>(DELETE);

  return useMemo(() => {
    const refresh = () => void refreshPage(environment);

    /** Deletes what was made; made again, it has another id. */
    function creation({ id, version }: Omit<Seen, 'name'>, input: CreateInput): UndoEntry {
      let made = { id, version };
      return {
        label: t.people.creationOf(input.name.trim()),
        async undo(): Promise<UndoOutcome> {
          const variables = { id: made.id, expectedVersion: made.version, connections: [] };
          const result = await runDelete({ variables, onDone: refresh, isFailureShown: true });
          return outcomeOf(t, result);
        },
        async redo(): Promise<UndoOutcome> {
          const result = await runCreate({ variables: { input }, onDone: refresh, isFailureShown: true });
          if (result.is === 'done') made = result.response.createMembership?.membership ?? made;
          return outcomeOf(t, result);
        },
      };
    }

    function change(
      { id, name }: Seen,
      version: number,
      values: { before: UpdateInput; after: UpdateInput },
    ): UndoEntry {
      let expectedVersion = version;
      async function set(input: UpdateInput): Promise<UndoOutcome> {
        const result = await runUpdate({
          variables: { id, input, expectedVersion },
          onDone: refresh,
          isFailureShown: true,
        });
        if (result.is === 'done')
          expectedVersion = result.response.updateMembership?.membership?.version ?? expectedVersion;
        return outcomeOf(t, result, ({ updateMembership: payload }) => {
          const by = payload?.currentMembership?.history.nodes[0]?.tokenName;
          return by === undefined ? {} : { by };
        });
      }
      return { label: t.people.changeOf(name), undo: () => set(values.before), redo: () => set(values.after) };
    }

    return {
      create(input) {
        return runCreate({
          variables: { input },
          undo: ({ createMembership: payload }) => (payload?.membership ? creation(payload.membership, input) : null),
          toast: t.people.added(input.name.trim()),
          onDone: refresh,
          isFailureShown: true,
        });
      },
      update(seen, input, before) {
        const { id, name, version } = seen;
        return runUpdate({
          variables: { id, input, expectedVersion: version },
          undo({ updateMembership: payload }) {
            return payload?.membership ? change(seen, payload.membership.version, { before, after: input }) : null;
          },
          toast: t.people.saved(input.name?.trim() ?? name),
          // Its place in the list may be another one.
          onDone: refresh,
          isFailureShown: true,
        });
      },
      remove({ id, name, version }, connection, onDone) {
        return runDelete({
          variables: { id, expectedVersion: version, connections: [connection] },
          toast: t.people.removed(name),
          onDone() {
            onDone();
            refresh();
          },
          isFailureShown: true,
        });
      },
    } satisfies Commands;
  }, [environment, runCreate, runDelete, runUpdate, t]);
}
