// The rules of single fields, of entries of lists, and of names and values of maps.

import { formatFault, isUuid } from './formats';
import { bytes, characters, folded, isBlank, isOneLine, isStorable, trimmed } from './text';
import type { FieldRules, Input, InputRules, Param, Violation } from './types';

/** A header value that stands for the stored one, which the token may not read. */
export const MASK = '***';

interface Fault {
  readonly code: string;
  readonly params: readonly Param[];
}

/** An entry of a list or a map: what a path names it by, and what is compared. */
interface Entry {
  readonly key: string;
  readonly value: unknown;
}

/** The row of the rules at this path, like `defaultTags.*`. */
export function rowAt({ fields }: InputRules, path: string): FieldRules | undefined {
  return fields.find((row) => row.path.join('.') === path);
}

/** The violations of the rules of single fields; of each value the first one, as a form shows no more. */
export function violationsOfFields(rules: InputRules, input: Input, isAsked: (field: string) => boolean): Violation[] {
  return rules.fields.flatMap((row) => {
    const [field = '', ...inside] = row.path;
    if (!isAsked(field)) return [];
    const value = input[field];
    if (inside.length > 0) return ofEntries(row, field, value, inside.length, most(rules, field));
    const fault = faultOf(row, value);
    const whole = fault === null ? [] : [{ path: [field], ...fault }];
    return [...whole, ...repetitions(rules, row, field, value)];
  });
}

/** The entries of a list, or the names of a map, that break no rule of their own: the form that is compared, and the text. */
export function soundEntries(rules: InputRules, field: string, value: unknown): (readonly [string, string])[] {
  const row = rowAt(rules, `${field}.*`);
  const entries = entriesOf(value).slice(0, most(rules, field));
  const sound = entries.filter((entry) => row === undefined || faultOf(row, entry.value) === null);
  return sound.map(({ value: entry }) => [compared(row, entry), written(row, entry)]);
}

/** Whether a value is of another type than its field, which only a map can be: maps are any JSON. */
export function isNoMap(row: FieldRules | undefined, value: unknown): boolean {
  return row?.codes.includes('INVALID_TYPE') === true && value != null && !isMap(value);
}

/** The number of entries of a list or a map. */
export function count(value: unknown): number {
  return entriesOf(value).length;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entriesOf(value: unknown): Entry[] {
  if (Array.isArray(value)) return value.map((entry, index) => ({ key: String(index), value: entry }));
  return isMap(value) ? Object.keys(value).map((name) => ({ key: name, value: name })) : [];
}

/** Entries beyond the limit are not checked. */
function most(rules: InputRules, field: string): number {
  return rowAt(rules, field)?.maxItems ?? Infinity;
}

function ofEntries(row: FieldRules, field: string, value: unknown, depth: number, limit: number): Violation[] {
  const ofValues = depth === 2 && isMap(value);
  const entries = ofValues
    ? Object.entries(value).map(([key, entry]) => ({ key, value: entry }))
    : depth === 1
      ? entriesOf(value)
      : [];
  return entries.slice(0, limit).flatMap((entry) => {
    const fault = faultOf(row, entry.value);
    return fault === null ? [] : [{ path: [field, entry.key], ...fault }];
  });
}

/** The first rule that a value breaks. */
function faultOf(row: FieldRules, value: unknown): Fault | null {
  if (row.format === 'HEADER_VALUE' && typeof value !== 'string') return fault(row.formatCode);
  if (value === undefined) return row.isRequired ? fault('BLANK') : null;
  if (value === null) return row.isRequired || !row.mayBeBlank ? fault('BLANK') : null;
  if (isNoMap(row, value)) return fault('INVALID_TYPE');
  if (typeof value === 'number') return numberFault(row, value);
  if (typeof value === 'object') return sizeFault(row, value);
  return textFault(row, typeof value === 'boolean' ? String(value) : written(row, value));
}

function fault(code: string | null | undefined, ...params: readonly Param[]): Fault | null {
  return code == null ? null : { code, params };
}

function numberFault({ min, max }: FieldRules, value: number): Fault | null {
  const isWithin = value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  return isWithin ? null : fault('OUT_OF_RANGE', ...limits({ min, max, actual: value }));
}

function sizeFault(row: FieldRules, value: object): Fault | null {
  const actual = count(value);
  if (row.maxItems != null && actual > row.maxItems) {
    return fault('TOO_MANY', ...limits({ max: row.maxItems, actual }));
  }
  if (row.lengthUnit !== 'BYTES' || row.maxLength == null) return null;
  const lengths = Object.entries(value).map(([name, text]) => bytes(name) + (text === MASK ? 0 : bytes(String(text))));
  const length = lengths.reduce((sum, part) => sum + part, 0);
  return length > row.maxLength ? tooLong(row.maxLength, length, 'bytes') : null;
}

function textFault(row: FieldRules, text: string): Fault | null {
  if (!row.mayBeBlank && isBlank(text)) return fault('BLANK');
  const isInvalid = row.codes.includes('INVALID_CHARACTER') && !isStorable(text);
  if (isInvalid || (row.isOneLine && !isOneLine(text))) return fault('INVALID_CHARACTER');
  // A text has at most as many characters as units, so most need no counting.
  if (row.lengthUnit === 'CHARACTERS' && row.maxLength != null && text.length > row.maxLength) {
    const actual = characters(text);
    if (actual > row.maxLength) return tooLong(row.maxLength, actual, 'characters');
  }
  if (row.notOneOf?.some((value) => folded(value) === folded(text)) === true) return fault(row.notAllowedCode);
  if (row.isBlankExempt && isBlank(text)) return null;
  const params = formatFault(row, text);
  return params === null ? null : fault(row.formatCode, ...params);
}

function tooLong(max: number, actual: number, unit: string): Fault | null {
  return fault('TOO_LONG', ...limits({ max, actual }), { name: 'unit', value: unit });
}

/** Numbers as the params of a violation. */
export function limits(numbers: Readonly<Record<string, number | null | undefined>>): Param[] {
  return Object.entries(numbers).flatMap(([name, value]) => (value == null ? [] : [{ name, value: String(value) }]));
}

function repetitions(rules: InputRules, row: FieldRules, field: string, value: unknown): Violation[] {
  if (!row.isUnique) return [];
  const ofEntry = rowAt(rules, `${field}.*`);
  const seen = new Set<string>();
  return entriesOf(value)
    .slice(0, most(rules, field))
    .flatMap((entry) => {
      const form = compared(ofEntry, entry.value);
      if (!seen.has(form)) {
        seen.add(form);
        return [];
      }
      const param = { name: 'value', value: written(ofEntry, entry.value) };
      return [{ path: [field, entry.key], code: 'DUPLICATE_VALUE', params: [param] }];
    });
}

/** A text as it is checked. */
function written(row: FieldRules | undefined, value: unknown): string {
  return row?.isTrimmed === true ? trimmed(String(value)) : String(value);
}

/** A text in the form in which entries are compared. */
function compared(row: FieldRules | undefined, value: unknown): string {
  const text = written(row, value);
  if (row?.references == null) return folded(text);
  return isUuid(text) ? text.toLowerCase() : text;
}
