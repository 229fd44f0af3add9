import { useMemo } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { outcomeOf, useCommand, type CommandResult } from '../../app/useCommand';
import type { UndoEntry, UndoOutcome } from '../../app/undo';
import { useMessages } from '../../messages/Messages';
import type { useAgentCommandsCreateMutation } from '../../relay/__generated__/useAgentCommandsCreateMutation.graphql';
import type { useAgentCommandsDeleteMutation } from '../../relay/__generated__/useAgentCommandsDeleteMutation.graphql';
import type { useAgentCommandsUpdateMutation } from '../../relay/__generated__/useAgentCommandsUpdateMutation.graphql';
import { refreshPage } from '../../relay/pageQueries';

const CREATE = graphql`
  mutation useAgentCommandsCreateMutation($input: CreateAgentInput!, $idempotencyKey: String) {
    createAgent(input: $input, idempotencyKey: $idempotencyKey) {
      agent {
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
    updateAgent(id: $id, input: $input, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      agent {
        id
        ...AgentRow_agent
        version
      }
      currentAgent {
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
    deleteAgent(id: $id, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
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

export type CreateInput = useAgentCommandsCreateMutation['variables']['input'];
export type UpdateInput = useAgentCommandsUpdateMutation['variables']['input'];

/** An agent as somebody saw it when they chose what to do with it. */
export interface Seen {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

export interface Commands {
  create: (input: CreateInput) => Promise<CommandResult<useAgentCommandsCreateMutation>>;
  /** `before` are the values that the changed fields had. */
  update: (
    seen: Seen,
    input: UpdateInput,
    before: UpdateInput,
  ) => Promise<CommandResult<useAgentCommandsUpdateMutation>>;
  /** There is no way back from it. */
  remove: (
    seen: Seen,
    connection: string,
    onDone: () => void,
  ) => Promise<CommandResult<useAgentCommandsDeleteMutation>>;
}

/** What can be done with agents. Creating and changing can be undone; the service restores no deleted ones. */
export function useAgentCommands(): Commands {
  const t = useMessages();
  const environment = useRelayEnvironment();
  const [runCreate] = useCommand<useAgentCommandsCreateMutation>(CREATE);
  const [runUpdate] = useCommand<useAgentCommandsUpdateMutation>(UPDATE);
  const [runDelete] = useCommand<useAgentCommandsDeleteMutation>(DELETE);

  return useMemo(() => {
    const refresh = () => void refreshPage(environment);

    /** Deletes what was made; made again, it has another id. */
    function creation({ id, version }: Omit<Seen, 'name'>, input: CreateInput): UndoEntry {
      let made = { id, version };
      return {
        label: t.agents.creationOf(input.name.trim()),
        async undo(): Promise<UndoOutcome> {
          const variables = { id: made.id, expectedVersion: made.version, connections: [] };
          const result = await runDelete({ variables, onDone: refresh, isFailureShown: true });
          return outcomeOf(t, result);
        },
        async redo(): Promise<UndoOutcome> {
          const result = await runCreate({ variables: { input }, onDone: refresh, isFailureShown: true });
          if (result.is === 'done') made = result.response.createAgent?.agent ?? made;
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
        if (result.is === 'done') expectedVersion = result.response.updateAgent?.agent?.version ?? expectedVersion;
        return outcomeOf(t, result, ({ updateAgent: payload }) => {
          const by = payload?.currentAgent?.history.nodes[0]?.tokenName;
          return by === undefined ? {} : { by };
        });
      }
      return { label: t.agents.changeOf(name), undo: () => set(values.before), redo: () => set(values.after) };
    }

    return {
      create(input) {
        return runCreate({
          variables: { input },
          undo: ({ createAgent: payload }) => (payload?.agent ? creation(payload.agent, input) : null),
          toast: t.agents.created(input.name.trim()),
          onDone: refresh,
          isFailureShown: true,
        });
      },
      update(seen, input, before) {
        const { id, name, version } = seen;
        return runUpdate({
          variables: { id, input, expectedVersion: version },
          undo({ updateAgent: payload }) {
            return payload?.agent ? change(seen, payload.agent.version, { before, after: input }) : null;
          },
          toast: t.agents.saved(input.name?.trim() ?? name),
          // Its place in the list may be another one.
          onDone: refresh,
          isFailureShown: true,
        });
      },
      remove({ id, name, version }, connection, onDone) {
        return runDelete({
          variables: { id, expectedVersion: version, connections: [connection] },
          toast: t.agents.removed(name),
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
