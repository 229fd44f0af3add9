import type { MutationParameters } from 'relay-runtime';
import type { Messages } from '../../messages/en';
import { sentenceOf } from '../../messages/errors';
import { showToast } from '../../ui/toasts';
import type { CommandResult } from '../useCommand';

/** Says in a notice why the service has refused a command, on a screen that has no other place for it. */
export function sayRefusal<M extends MutationParameters>(t: Messages, result: CommandResult<M>): void {
  const [error] = result.is === 'refused' ? result.errors : [];
  if (error !== undefined) showToast({ tone: 'danger', text: sentenceOf(t, error) });
}
