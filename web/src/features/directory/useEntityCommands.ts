import { useMemo } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import type { MutationParameters } from 'relay-runtime';
import { keepOwnVersion, ownVersion } from '../../app/ownVersions';
import type { UndoEntry, UndoOutcome } from '../../app/undo';
import { outcomeOf, type CommandOptions, type CommandResult } from '../../app/useCommand';
import { useMessages } from '../../messages/Messages';
import { refreshPage } from '../../relay/pageQueries';

/** An agent or a person as somebody saw it when they chose what to do with it. */
export interface Seen {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

/** What the service has stored. */
type Stored = Omit<Seen, 'name'>;

type Maybe<T> = T | null | undefined;

// By aliases the documents of agents and of people name alike what is read here. `Fields` are what a form gives.

export interface Creation<Fields> extends MutationParameters {
  readonly variables: { readonly input: Fields };
  readonly response: { readonly payload: Maybe<{ readonly entity: Maybe<Stored> }> };
}

export interface Change<Fields> extends MutationParameters {
  readonly variables: { readonly id: string; readonly input: Partial<Fields>; readonly expectedVersion: number };
  readonly response: {
    readonly payload: Maybe<{
      readonly entity: Maybe<Stored>;
      /** What is stored now, and the token that stored it; answered with a refusal. */
      readonly current: Maybe<
        Fields & Stored & { readonly history: { readonly nodes: readonly { readonly tokenName: string }[] } }
      >;
    }>;
  };
}

export interface Deletion extends MutationParameters {
  readonly variables: {
    readonly id: string;
    readonly expectedVersion: number;
    readonly connections: readonly string[];
  };
  readonly response: { readonly payload: Maybe<object> };
}

/** A command that answers at least what `M` has. */
type Run<M extends MutationParameters> = (
  options: Pick<CommandOptions<M>, 'variables' | 'undo' | 'toast' | 'onDone' | 'isFailureShown'>,
) => Promise<CommandResult<M>>;

interface Runs<Fields> {
  create: Run<Creation<Fields>>;
  update: Run<Change<Fields>>;
  remove: Run<Deletion>;
}

/** What notices and undo say, of something by its name. */
interface Words {
  creationOf: (name: string) => string;
  changeOf: (name: string) => string;
  created: (name: string) => string;
  saved: (name: string) => string;
  removed: (name: string) => string;
}

export interface EntityCommands<Fields> {
  create: (input: Fields) => Promise<CommandResult<Creation<Fields>>>;
  /** `before` are the values that the changed fields had. */
  update: (seen: Seen, input: Partial<Fields>, before: Partial<Fields>) => Promise<CommandResult<Change<Fields>>>;
  /** Cannot be undone. */
  remove: (seen: Seen, connection: string, onDone: () => void) => Promise<CommandResult<Deletion>>;
}

/**
 * What can be done with agents or with people. Creating and changing can be undone; the service restores no deleted
 * ones.
 */
export function useEntityCommands<Fields extends { name: string }>(
  { create, update, remove }: Runs<Fields>,
  words: Words,
): EntityCommands<Fields> {
  const t = useMessages();
  const environment = useRelayEnvironment();

  return useMemo(() => {
    const refresh = () => void refreshPage(environment);

    function changed(id: string, from: number, { payload }: Change<Fields>['response']): void {
      if (payload?.entity) keepOwnVersion(id, from, payload.entity.version);
      // Its place in the list may be another one.
      refresh();
    }

    /** Deletes what was made; made again, it has another id. */
    function creation({ id, version }: Stored, input: Fields): UndoEntry {
      let made = { id, version };
      return {
        label: words.creationOf(input.name.trim()),
        async undo(): Promise<UndoOutcome> {
          // Changes of it are undone by now, which has made versions of its own.
          const variables = { id: made.id, expectedVersion: ownVersion(made.id, made.version), connections: [] };
          const result = await remove({ variables, onDone: refresh, isFailureShown: true });
          return outcomeOf(t, result);
        },
        async redo(): Promise<UndoOutcome> {
          const result = await create({ variables: { input }, onDone: refresh, isFailureShown: true });
          if (result.is === 'done') made = result.response.payload?.entity ?? made;
          return outcomeOf(t, result);
        },
      };
    }

    function change(
      { id, name }: Seen,
      version: number,
      values: { before: Partial<Fields>; after: Partial<Fields> },
    ): UndoEntry {
      async function set(input: Partial<Fields>): Promise<UndoOutcome> {
        // Later changes are undone by now, which has made versions of its own.
        const expectedVersion = ownVersion(id, version);
        const result = await update({
          variables: { id, input, expectedVersion },
          onDone: (response) => changed(id, expectedVersion, response),
          isFailureShown: true,
        });
        return outcomeOf(t, result, ({ payload }) => {
          const by = payload?.current?.history.nodes[0]?.tokenName;
          return by === undefined ? {} : { by };
        });
      }
      return { label: words.changeOf(name), undo: () => set(values.before), redo: () => set(values.after) };
    }

    return {
      create(input) {
        return create({
          variables: { input },
          undo: ({ payload }) => (payload?.entity ? creation(payload.entity, input) : null),
          toast: words.created(input.name.trim()),
          onDone: refresh,
          isFailureShown: true,
        });
      },
      update(seen, input, before) {
        const { id, name, version } = seen;
        return update({
          variables: { id, input, expectedVersion: version },
          undo({ payload }) {
            return payload?.entity ? change(seen, payload.entity.version, { before, after: input }) : null;
          },
          toast: words.saved(input.name?.trim() ?? name),
          onDone: (response) => changed(id, version, response),
          isFailureShown: true,
        });
      },
      remove({ id, name, version }, connection, onDone) {
        return remove({
          variables: { id, expectedVersion: version, connections: [connection] },
          toast: words.removed(name),
          onDone() {
            onDone();
            refresh();
          },
          isFailureShown: true,
        });
      },
    } satisfies EntityCommands<Fields>;
  }, [create, environment, remove, t, update, words]);
}
