import { useState } from 'react';
import type { MutationParameters } from 'relay-runtime';
import type { RequestFailed } from '../relay/errors';
import type { CommandResult, UserErrorData } from './useCommand';

export interface Submission<M extends MutationParameters> {
  /**
   * Sends what the person has entered. After a failure the same input is sent with the same idempotency key, because
   * it may have arrived. Returns what became of it.
   */
  submit: (input: string, send: () => Promise<CommandResult<M>>) => Promise<CommandResult<M>>;
  isBusy: boolean;
  /** What the service rejected, and the input that it was about. */
  refused: { input: string; errors: readonly UserErrorData[]; response: M['response'] } | null;
  failure: RequestFailed | null;
}

/** The state of a form that sends a command, with `isFailureShown`, and shows itself what becomes of it. */
export function useSubmission<M extends MutationParameters>(): Submission<M> {
  const [isBusy, setBusy] = useState(false);
  const [last, setLast] = useState<{ input: string; result: CommandResult<M> } | null>(null);
  const result = last?.result;
  return {
    async submit(input, send) {
      setBusy(true);
      const isAgain = result?.is === 'failed' && last?.input === input;
      const next = await (isAgain ? result.again() : send());
      setLast({ input, result: next });
      setBusy(false);
      return next;
    },
    isBusy,
    refused: last !== null && result?.is === 'refused' ? { input: last.input, ...result } : null,
    failure: result?.is === 'failed' ? result.failure : null,
  };
}
