import { aboutOf, type UserErrorData } from './about';
import type { Messages } from './en';

export type { UserErrorData } from './about';

/** What the sentences need to know of a request that failed: `RequestFailed` has it. */
export interface FailureData {
  kind: 'offline' | 'unavailable' | 'rateLimited' | 'signedOut' | 'forbidden' | 'otherVersion' | 'timeout' | 'failed';
  /** `extensions.code` */
  code?: string | undefined;
  retryAfterSeconds?: number | undefined;
}

/**
 * What is wrong with a value and what to do about it, in the language of `t`, as it stands beside the field. A code
 * that this page does not know, because the server is newer, keeps the server's message.
 */
export function sentenceOf(t: Messages, error: UserErrorData): string {
  const codes: Readonly<Record<string, (typeof t.errors.codes)[keyof typeof t.errors.codes]>> = t.errors.codes;
  const sentence = Object.hasOwn(codes, error.code) ? codes[error.code] : undefined;
  if (sentence === undefined) return error.message;
  return typeof sentence === 'string' ? sentence : sentence(aboutOf(error));
}

/** What went wrong with a request, and what to do about it. */
export function sentenceOfFailure({ failures: t }: Messages, { kind, code, retryAfterSeconds }: FailureData): string {
  if (code === 'CURSOR_EXPIRED') return t.cursorExpired;
  if (code === 'QUERY_TOO_LARGE') return t.tooLarge;
  if (retryAfterSeconds !== undefined && retryAfterSeconds > 0) {
    if (kind === 'unavailable') return t.unavailableFor(retryAfterSeconds);
    if (kind === 'rateLimited') return t.rateLimitedFor(retryAfterSeconds);
  }
  return t[kind];
}
