// What is wrong with a step before it is sent: by the published rules, and what the form itself can get wrong.

import { evaluate, exclusionOf, type Input, type InputRules, type Violation } from '../../rules/evaluate';
import {
  changedFields,
  createInput,
  fieldsOf,
  inputValue,
  isEmptyHeader,
  isUnreadable,
  updateInput,
  wholeInput,
} from './stored';
import { KNOWN_FIELDS, NO_VALUES, type StepValues } from './values';

/** A text where a whole number belongs. The API has no code for it, because it is never sent. */
export const NOT_A_NUMBER = 'NOT_A_NUMBER';

/** A URL that does not say how its host is called: INVALID_URL to the API. */
export const NO_SCHEME = 'NO_SCHEME';

/** What saving sends: the input, and the rules that it breaks. */
export interface Checked {
  readonly input: Input;
  readonly violations: readonly Violation[];
}

/** Checks the values of a step that is changed, and makes the patch of it. */
export function checkUpdate(rules: InputRules, base: StepValues, values: StepValues): Checked {
  const sent = sendable(rules, values);
  const changed = new Set(changedFields(base, sent));
  const violations = evaluate(rules, wholeInput(sent), changed);
  return { input: updateInput(base, sent), violations: [...violations, ...ownViolations(base, sent)] };
}

/** Checks the values of a new step, and makes the input of it. */
export function checkCreate(rules: InputRules, values: StepValues, scenarioId: string): Checked {
  const sent = sendable(rules, values);
  const input = createInput(sent, scenarioId);
  return { input, violations: [...evaluate(rules, input), ...ownViolations(NO_VALUES, sent)] };
}

/** The values without those that cannot be given beside the others: these stay in the form, in case that changes. */
export function sendable(rules: InputRules, values: StepValues): StepValues {
  const whole = wholeInput(values);
  const excluded = KNOWN_FIELDS.filter((field) => exclusionOf(rules, whole, field) !== null);
  return { ...values, ...Object.fromEntries(excluded.map((field) => [field, NO_VALUES[field]])) };
}

/** What no input can have, and what the service can tell only from the stored step. */
function ownViolations(base: StepValues, values: StepValues): Violation[] {
  const violations: Violation[] = [];
  const report = (code: string, ...path: string[]) => violations.push({ path, code, params: [] });
  if (typeof inputValue('autoNextTime', values) === 'string') report(NOT_A_NUMBER, 'autoNextTime');
  for (const field of fieldsOf(values)) if (isUnreadable(values[field])) report(NOT_A_NUMBER, field);
  const names = new Set<string>();
  for (const header of values.webhookHeader.filter((one) => !isEmptyHeader(one))) {
    const { name } = header;
    if (name === '') report('INVALID_HEADER_NAME', 'webhookHeader', '');
    // A map has each name once.
    if (names.has(name)) report('DUPLICATE_VALUE', 'webhookHeader', name);
    names.add(name);
    // A secret that the token may not read is not sent to another server.
    if (header.isKept && isOtherOrigin(base.webhookUrl, values.webhookUrl)) {
      report('MASKED_HEADER_VALUE', 'webhookHeader', name);
    }
  }
  return violations;
}

function isOtherOrigin(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).origin !== new URL(other).origin;
}
