import { violationsAcross } from './across';
import { violationsOfFields } from './fields';
import type { Input, InputRules, Violation } from './types';

export { exclusionOf, isGiven } from './across';
export { MASK, rowAt } from './fields';
export type { AcrossRule, FieldRules, Input, InputRules, Param, RuleCase, Violation } from './types';

/**
 * The rules that an input breaks, by the rules that the service publishes: what is found here the service rejects too,
 * with the same path, code and params. What needs the stored data is not found.
 *
 * Of an update, `input` is the object as it would be afterwards, and `changed` are the fields that the call changes:
 * a rule holds only where it reads one of them. Without it, all rules hold.
 */
export function evaluate(rules: InputRules, input: Input, changed?: ReadonlySet<string>): Violation[] {
  const isAsked = (field: string) => changed?.has(field) ?? true;
  const across = violationsAcross(rules, input, isAsked);
  // A rule across fields knows closer limits than that of the field alone: those of its unit.
  const isCloser = ({ path, code }: Violation) =>
    across.some((one) => one.path.join() === path.join() && one.code === code);
  return [...violationsOfFields(rules, input, isAsked).filter((violation) => !isCloser(violation)), ...across];
}
