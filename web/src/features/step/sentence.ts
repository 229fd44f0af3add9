import { sentenceOf } from '../../messages/errors';
import type { Messages } from '../../messages/en';
import { NO_SCHEME, NOT_A_NUMBER } from './check';
import type { Problem } from './formStore';

/** What is wrong and what to do about it, in the language of `t`. */
export function sentenceOfProblem(t: Messages, problem: Problem): string {
  if (problem.code === NOT_A_NUMBER) return t.step.notANumber;
  if (problem.code === NO_SCHEME) return t.step.noScheme;
  // A rule of a newer service has at least its code.
  return sentenceOf(t, problem) || problem.code;
}
