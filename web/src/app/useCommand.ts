import { useCallback, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import {
  commitMutation,
  graphql,
  type GraphQLTaggedNode,
  type MutationConfig,
  type MutationParameters,
  type PayloadError,
} from 'relay-runtime';
import { failureOf, RequestFailed, toFailure } from '../relay/errors';
import type { Messages } from '../messages/en';
import { sentenceOf, sentenceOfFailure } from '../messages/errors';
import { useMessages } from '../messages/Messages';
import { announce } from '../ui/announce';
import { showToast } from '../ui/toasts';
import { newIdempotencyKey } from './idempotencyKey';
import { undoAndSay, useSayOutcome, useUndoStack, type UndoEntry, type UndoOutcome } from './undo';

/** What every mutation of the console selects of a violated rule: with `@relay(mask: false)`, as it is read here. */
graphql`
  fragment useCommand_error on UserError {
    field
    code
    category
    message
    params {
      name
      value
    }
  }
`;

/** A violated rule. */
export interface UserErrorData {
  readonly field: readonly string[];
  readonly code: string;
  readonly category: string;
  readonly message: string;
  readonly params: readonly { readonly name: string; readonly value: string }[];
}

export interface CommandOptions<M extends MutationParameters> {
  variables: Omit<M['variables'], 'idempotencyKey'>;
  optimisticResponse?: MutationConfig<M>['optimisticResponse'];
  optimisticUpdater?: MutationConfig<M>['optimisticUpdater'];
  updater?: MutationConfig<M>['updater'];
  /** How to take it back, from the response; null if it cannot be. */
  undo?: UndoEntry | ((response: M['response']) => UndoEntry | null);
  /** What to say once it is done to those who do not see it. */
  announce?: string | ((response: M['response']) => string);
  /** What to show once it is done, where nothing else shows it: with "Undo", if it can be taken back. */
  toast?: string | ((response: M['response']) => string);
  /** Called once it is done, also if that is after "Try again" of the notice. */
  onDone?: (response: M['response']) => void;
  /** The caller shows a failure itself, and offers `again`. */
  isFailureShown?: boolean;
}

export type CommandResult<M extends MutationParameters> =
  | { is: 'done'; response: M['response'] }
  /** Rules are violated, or something has changed since; nothing was stored. */
  | { is: 'refused'; errors: readonly UserErrorData[]; response: M['response'] }
  /** Whether it was carried out is not known. `again` sends it with the same idempotency key: it happens once. */
  | { is: 'failed'; failure: RequestFailed; again: () => Promise<CommandResult<M>> };

export type RunCommand<M extends MutationParameters> = (options: CommandOptions<M>) => Promise<CommandResult<M>>;

/**
 * Sends a mutation that declares `$idempotencyKey: String`: with its optimistic result, undo, announcement and a
 * notice with "Try again" if it fails. The promise never rejects. The second value is whether one is on its way.
 */
export function useCommand<M extends MutationParameters>(mutation: GraphQLTaggedNode): [RunCommand<M>, boolean] {
  const environment = useRelayEnvironment();
  const stack = useUndoStack();
  const t = useMessages();
  const say = useSayOutcome();
  const [onTheWay, setOnTheWay] = useState(0);

  const run = useCallback<RunCommand<M>>(
    (options) => {
      // Made once for what the person asked for, not for each time that it is sent.
      const variables: M['variables'] = { ...options.variables, idempotencyKey: newIdempotencyKey() };

      async function attempt(): Promise<CommandResult<M>> {
        setOnTheWay((count) => count + 1);
        const result = await commit();
        setOnTheWay((count) => count - 1);
        if (result.is === 'done') finish(result.response);
        if (result.is === 'failed' && !options.isFailureShown) {
          const action = { label: t.ui.tryAgain, run: () => void again() };
          showToast({ tone: 'danger', text: sentenceOfFailure(t, result.failure), action });
        }
        return result;
      }

      function again(): Promise<CommandResult<M>> {
        const result = attempt();
        stack.track(result);
        return result;
      }

      function commit(): Promise<CommandResult<M>> {
        const { optimisticResponse, optimisticUpdater, updater } = options;
        return new Promise((resolve) => {
          commitMutation<M>(environment, {
            mutation,
            variables,
            optimisticResponse,
            optimisticUpdater,
            updater,
            onCompleted: (response, errors) => resolve(resultOf(response, errors, again)),
            onError: (error) => resolve({ is: 'failed', failure: toFailure(error), again }),
          });
        });
      }

      function finish(response: M['response']): void {
        const { undo, onDone } = options;
        const entry = typeof undo === 'function' ? undo(response) : undo;
        if (entry) stack.push(entry);
        if (options.announce !== undefined) announce(textOf(options.announce, response));
        if (options.toast !== undefined) {
          const text = textOf(options.toast, response);
          const action = entry && { label: t.undo.undo, run: () => void undoAndSay(stack, say) };
          const close = showToast({ tone: 'success', text, action: action ?? undefined });
          // "Undo" takes back the last command; after another one it would not be this.
          if (entry) stack.onceChanged(close);
        }
        onDone?.(response);
      }

      return again();
    },
    [environment, mutation, say, stack, t],
  );
  return [run, onTheWay > 0];
}

/** Where something that cannot be taken back any more has changed. */
type Place = Omit<Extract<UndoOutcome, { is: 'stale' }>, 'is'>;

/** What an undo or a redo that ran this command came to. */
export function outcomeOf<M extends MutationParameters>(
  t: Messages,
  result: CommandResult<M>,
  place: Place | ((response: M['response']) => Place) = {},
): UndoOutcome {
  switch (result.is) {
    case 'done':
      return { is: 'done' };
    case 'refused': {
      const [first] = result.errors;
      const isStale = first === undefined || first.category === 'CONFLICT' || first.code === 'NOT_FOUND';
      if (!isStale) return { is: 'failed', message: sentenceOf(t, first) };
      return { is: 'stale', ...(typeof place === 'function' ? place(result.response) : place) };
    }
    case 'failed':
      return { is: 'failed', message: sentenceOfFailure(t, result.failure) };
  }
}

function textOf<R>(text: string | ((response: R) => string), response: R): string {
  return typeof text === 'function' ? text(response) : text;
}

function resultOf<M extends MutationParameters>(
  response: M['response'],
  errors: readonly PayloadError[] | null | undefined,
  again: () => Promise<CommandResult<M>>,
): CommandResult<M> {
  const userErrors = userErrorsOf(response);
  if (userErrors === null) {
    const failure = errors?.[0] ? failureOf(errors[0]) : new RequestFailed('failed', 'The response has no payload.');
    return { is: 'failed', failure, again };
  }
  const [first] = userErrors;
  if (first === undefined) return { is: 'done', response };
  if (first.category === 'RETRY') {
    return { is: 'failed', failure: new RequestFailed('unavailable', first.message, { code: first.code }), again };
  }
  return { is: 'refused', errors: userErrors, response };
}

/** The userErrors of the payload; null if there is no payload. */
function userErrorsOf(response: object): readonly UserErrorData[] | null {
  for (const payload of Object.values(response) as unknown[]) {
    if (typeof payload === 'object' && payload !== null && 'userErrors' in payload) {
      // The compiler of Relay has checked their fields against the schema.
      return payload.userErrors as readonly UserErrorData[];
    }
  }
  return null;
}
