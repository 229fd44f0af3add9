/** A value of a field that is no list and no map. */
export type Scalar = string | number | boolean;

/** How a difference is best read: as entries that come and go, as words within a text, or as one value instead of another. */
export type Shape =
  | { kind: 'entries'; before: readonly string[]; after: readonly string[] }
  | { kind: 'text'; before: string; after: string }
  | { kind: 'value'; before: Scalar | null; after: Scalar | null };

/** A text longer than this is compared word by word. */
const SHORT_MAX = 60;

/** The shape of a difference. Of a map those names are entries that have a value which says something. */
export function shapeOf(before: unknown, after: unknown): Shape {
  if (isCollection(before) || isCollection(after)) {
    return { kind: 'entries', before: entriesOf(before), after: entriesOf(after) };
  }
  if (isLong(before) || isLong(after)) return { kind: 'text', before: textOf(before), after: textOf(after) };
  return { kind: 'value', before: scalarOf(before), after: scalarOf(after) };
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function entriesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  if (!isCollection(value)) return [];
  return Object.entries(value)
    .filter(([, part]) => part !== null && part !== false)
    .map(([name]) => name);
}

function isLong(value: unknown): boolean {
  return typeof value === 'string' && (value.length > SHORT_MAX || value.includes('\n'));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function scalarOf(value: unknown): Scalar | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
