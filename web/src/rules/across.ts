// The rules across fields.

import { count, isNoMap, limits, rowAt, soundEntries } from './fields';
import { isBlank } from './text';
import type { AcrossRule, Input, InputRules, Param, RuleCase, Violation } from './types';

/** The violations of the rules across fields that read one of the fields asked about. */
export function violationsAcross(rules: InputRules, input: Input, isAsked: (field: string) => boolean): Violation[] {
  return rules.across
    .filter((rule) => rule.fields.some(isAsked) || isAsked(rule.by ?? ''))
    .flatMap((rule) => violationsOf(rules, rule, input));
}

/**
 * Why a field cannot be given, whatever its value, as long as the other fields are as they are: the rule that says so
 * and the field that it depends on. Null if it can.
 */
export function exclusionOf(
  rules: InputRules,
  input: Input,
  field: string,
  asked: ReadonlySet<string> = new Set(),
): { code: string; by: string } | null {
  // Fields may need each other.
  if (asked.has(field)) return null;
  for (const { kind, fields, by, cases, code } of rules.across) {
    const [first = '', ...others] = fields;
    if (kind === 'EXCLUDES' && others.includes(field) && isGivenAt(rules, input, first)) return { code, by: first };
    if (kind === 'COUNT_BY' && fields.includes(field) && by != null && caseOf(cases, input[by])?.max === 0) {
      return { code, by };
    }
    // What needs a field that cannot be given cannot be given either.
    if (kind === 'NEEDS' && first === field) {
      const needed = others
        .map((other) => exclusionOf(rules, input, other, new Set([...asked, field])))
        .find((one) => one !== null);
      if (needed) return needed;
    }
  }
  return null;
}

/** Whether a value counts as given for the rules. */
export function isGiven(value: unknown): boolean {
  if (typeof value === 'string') return !isBlank(value);
  if (typeof value === 'object') return Object.keys(value ?? {}).length > 0;
  return value !== undefined && value !== false;
}

function isGivenAt(rules: InputRules, input: Input, field: string): boolean {
  return isGiven(input[field]) && !isNoMap(rowAt(rules, field), input[field]);
}

function violationsOf(rules: InputRules, rule: AcrossRule, input: Input): Violation[] {
  const report = (...params: readonly Param[]): Violation[] => [{ path: [rule.reportedOn], code: rule.code, params }];
  const missing = rule.fields.filter((field) => !isGivenAt(rules, input, field));
  const isFirstGiven = !missing.includes(rule.fields[0] ?? '');
  switch (rule.kind) {
    case 'AT_LEAST_ONE':
      return missing.length === rule.fields.length ? report() : [];
    case 'NEEDS':
      return isFirstGiven && missing.length > 0 ? report() : [];
    case 'EXCLUDES':
      return isFirstGiven && missing.length < rule.fields.length - 1 ? report() : [];
    case 'ALL_OR_NONE':
      if (missing.length === rule.fields.length) return [];
      return missing.map((field) => ({ path: [field], code: rule.code, params: [] }));
    case 'MAX_BY':
      return numbersOf(rule, input, (value) => (typeof value === 'number' ? value : null));
    case 'COUNT_BY':
      return numbersOf(rule, input, count);
    case 'DISJOINT': {
      const tags = overlap(rules, rule.fields, input);
      return tags.length > 0 ? report(...tags.map((value) => ({ name: 'tag', value }))) : [];
    }
    default:
      // A kind that is unknown here: the service checks it.
      return [];
  }
}

/** The limits for the value of the field that decides. */
function caseOf(cases: AcrossRule['cases'], by: unknown): RuleCase | undefined {
  const value = by == null || (typeof by === 'string' && isBlank(by)) ? null : String(by);
  return cases?.find((one) => (one.value ?? null) === value);
}

function numbersOf(rule: AcrossRule, input: Input, numberOf: (value: unknown) => number | null): Violation[] {
  const one = caseOf(rule.cases, input[rule.by ?? '']);
  if (one === undefined) return [];
  return rule.fields.flatMap((field) => {
    const actual = numberOf(input[field]);
    const isWithin = actual === null || (actual >= (one.min ?? -Infinity) && actual <= (one.max ?? Infinity));
    if (isWithin) return [];
    return [{ path: [rule.reportedOn], code: rule.code, params: limits({ min: one.min, max: one.max, actual }) }];
  });
}

/** The entries of each list that are in one before it, as they are stored. */
function overlap(rules: InputRules, fields: readonly string[], input: Input): string[] {
  const seen = new Set<string>();
  return fields.flatMap((field) => {
    const entries = soundEntries(rules, field, input[field]);
    const again = entries.filter(([form]) => seen.has(form)).map(([, text]) => text);
    entries.forEach(([form]) => seen.add(form));
    return again;
  });
}
