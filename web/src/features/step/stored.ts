// Between a step as the API returns it, the values of its form, and what a mutation takes.

import { MASK, type Input } from '../../rules/evaluate';
import { KNOWN_FIELDS, NO_VALUES, type HeaderValue, type KnownField, type StepValues } from './values';

/** A header as `CrmStep.webhookHeaders` has it. */
export interface StoredHeader {
  readonly name: string;
  readonly value: string | null | undefined;
  readonly isMasked: boolean;
}

/** The fields of a step that the API returns under another name or in another form than an input has them. */
export interface StoredStep extends Readonly<Record<string, unknown>> {
  readonly requestContact?: Readonly<Record<'name' | 'email' | 'phone', boolean | null | undefined>> | null | undefined;
  readonly autoNextTime?: number | null | undefined;
  readonly webhookHeaders?: readonly StoredHeader[] | null | undefined;
}

const KNOWN: ReadonlySet<string> = new Set(KNOWN_FIELDS);

/** Whether the form has a place for the field. */
export function isKnown(field: string): field is KnownField {
  return KNOWN.has(field);
}

/** The values of the form for a step as it is stored. */
export function valuesOf(step: StoredStep): StepValues {
  const { requestContact, autoNextTime, webhookHeaders } = step;
  const { name = false, email = false, phone = false } = requestContact ?? {};
  const own = {
    requestContact: { name: name ?? false, email: email ?? false, phone: phone ?? false },
    autoNextTime: autoNextTime == null ? '' : String(autoNextTime),
    webhookHeader: (webhookHeaders ?? []).map((header) => ({
      name: header.name,
      value: header.value ?? '',
      isKept: header.isMasked,
    })),
  };
  const others = KNOWN_FIELDS.map((field) => [field, step[field] ?? NO_VALUES[field]]);
  return { ...Object.fromEntries(others), ...own } as StepValues;
}

/** The value of a field as an input takes it: what counts as not given is null. */
export function inputValue(field: string, values: StepValues): unknown {
  if (!isKnown(field)) return values[field] ?? null;
  const value = values[field];
  switch (field) {
    case 'name':
    case 'isRequired':
    case 'isConversationRemovalStep':
      return value;
    case 'autoNextTime':
      return numberOf(values.autoNextTime);
    case 'requestContact':
      return Object.values(values.requestContact).includes(true) ? value : null;
    case 'webhookHeader':
      return headersOf(values.webhookHeader);
    default:
      return value === '' || (Array.isArray(value) && value.length === 0) ? null : value;
  }
}

/** Whether two sets of values mean the same in this field. */
export function isSame(field: string, one: StepValues, other: StepValues): boolean {
  return JSON.stringify(inputValue(field, one)) === JSON.stringify(inputValue(field, other));
}

/** All fields of these values, those that the form does not know included. */
export function fieldsOf(...all: readonly StepValues[]): string[] {
  return [...new Set(all.flatMap((values) => Object.keys(values)))];
}

/** A step that was read, with the values of fields that are unknown here: reading it does not return these. */
export function withMore(known: StepValues, step: StepValues): StepValues {
  const more = Object.entries(known).filter(([field]) => !isKnown(field));
  return { ...Object.fromEntries(more), ...step };
}

/** The values without those of some fields, which are unknown here. */
export function withoutFields(values: StepValues, fields: readonly string[]): StepValues {
  return Object.fromEntries(Object.entries(values).filter(([field]) => !fields.includes(field))) as StepValues;
}

/** The fields in which two sets of values differ. */
export function changedFields(from: StepValues, to: StepValues): string[] {
  return fieldsOf(from, to).filter((field) => !isSame(field, from, to));
}

/** The input that creates a step with these values: what is not given is left out, and so is what is only not ticked. */
export function createInput(values: StepValues, scenarioId: string): Input {
  const isSent = (field: string, value: unknown) => field === 'name' || (value !== null && !(isFlag(field) && !value));
  const given = fieldsOf(values).map((field) => [field, inputValue(field, values)] as const);
  return { scenarioId, ...Object.fromEntries(given.filter(([field, value]) => isSent(field, value))) };
}

/** Of the others false is not the same as nothing. */
function isFlag(field: string): boolean {
  return field === 'isRequired' || field === 'isConversationRemovalStep';
}

/** The input that makes `to` of `from`: an absent field keeps its value, and null clears it. */
export function updateInput(from: StepValues, to: StepValues): Input {
  return Object.fromEntries(changedFields(from, to).map((field) => [field, inputValue(field, to)]));
}

/** The whole step that these values describe, as rules across fields read it. */
export function wholeInput(values: StepValues): Input {
  return Object.fromEntries(fieldsOf(values).map((field) => [field, inputValue(field, values)]));
}

/** Text that is no whole number stays text; it is never sent. */
function numberOf(text: string): number | string | null {
  const digits = text.trim();
  if (digits === '') return null;
  return /^[+-]?\d+$/.test(digits) ? Number(digits) : text;
}

/** A header without a name and a value is a line that was not filled in. */
export function isEmptyHeader({ name, value, isKept }: HeaderValue): boolean {
  return name === '' && value === '' && !isKept;
}

function headersOf(headers: readonly HeaderValue[]): Record<string, string> | null {
  const given = headers.filter((header) => !isEmptyHeader(header));
  const entries = given.map(({ name, value, isKept }) => [name, isKept ? MASK : value]);
  return given.length === 0 ? null : Object.fromEntries(entries);
}

/** A text that was typed where a number belongs. */
export interface Unreadable {
  readonly unreadable: string;
}

export function isUnreadable(value: unknown): value is Unreadable {
  return typeof value === 'object' && value !== null && 'unreadable' in value;
}
