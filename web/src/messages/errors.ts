import type { Messages } from './en';

/** What the sentences need to know of a rule that an input broke. */
export interface UserErrorData {
  field: readonly string[];
  code: string;
  message: string;
  params: readonly { readonly name: string; readonly value: string }[];
}

/** What the sentences need to know of a request that failed. */
export interface FailureData {
  kind: keyof Messages['errors']['failures'];
  retryAfterSeconds?: number | undefined;
}

/** What is wrong and what to do, in the language of `t`. A code that this page does not know keeps the server's message. */
export function sentenceOf(_t: Messages, error: UserErrorData): string {
  return error.message;
}

/** What went wrong with a request and what to do about it. */
export function sentenceOfFailure(t: Messages, failure: FailureData): string {
  const sentence = t.errors.failures[failure.kind];
  return typeof sentence === 'string' ? sentence : sentence(failure.retryAfterSeconds);
}
