import { entriesOf, labelOf, type Entry, type Fault, type FileNode, type FileProblem, type ValueType } from './tree';

/** The part of JSON Schema in which the service describes pipeline files. Limits are the service's to check. */
export interface Schema {
  $ref?: string;
  anyOf?: readonly Schema[];
  type?: string | readonly string[];
  enum?: readonly string[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: boolean | Schema;
  required?: readonly string[];
  definitions?: Readonly<Record<string, Schema>>;
  description?: string;
}

/**
 * What keeps a file from being sent at all: fields that do not exist, that are missing, or that have another type. The service would
 * refuse the whole request for them, without saying where.
 */
export function faultsOf(root: FileNode, schema: Schema): FileProblem[] {
  const problems: FileProblem[] = [];
  check(root, schema, [], { definitions: schema.definitions ?? {}, problems });
  return problems.sort((one, other) => one.range.start - other.range.start);
}

/** The value of a node, as JSON has it. */
export function valueOf(node: FileNode): unknown {
  if (node.kind === 'list') return entriesOf(node).map((entry) => valueOf(entry.node));
  if (node.kind === 'map') return Object.fromEntries(entriesOf(node).map((entry) => [entry.key, valueOf(entry.node)]));
  return node.content;
}

interface Checking {
  definitions: Readonly<Record<string, Schema>>;
  problems: FileProblem[];
}

function check(node: FileNode, schema: Schema, path: readonly string[], checking: Checking): void {
  const options = alternatives(schema, checking.definitions);
  const type = typeOf(node);
  const option = options.find(({ type: types }) => types === undefined || allows(types, type));
  if (option === undefined) {
    report(checking, node, path, wrongType(node, type, options));
  } else if (type === 'array') {
    entriesOf(node).forEach((entry) => check(entry.node, option.items ?? {}, [...path, entry.key], checking));
  } else if (type === 'object') {
    checkFields(node, option, path, checking);
  } else if (option.enum !== undefined && typeof node.content === 'string' && !option.enum.includes(node.content)) {
    report(checking, node, path, { code: 'NOT_ALLOWED', found: node.content, allowed: option.enum });
  }
}

/** The schemas of which a value has to fit one, without references. */
function alternatives(schema: Schema, definitions: Checking['definitions']): Schema[] {
  const name = schema.$ref?.replace('#/definitions/', '');
  if (name !== undefined) return alternatives(definitions[name] ?? {}, definitions);
  return schema.anyOf?.flatMap((option) => alternatives(option, definitions)) ?? [schema];
}

function checkFields(node: FileNode, schema: Schema, path: readonly string[], checking: Checking): void {
  const names = Object.keys(schema.properties ?? {});
  const others = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  for (const entry of entriesOf(node)) {
    const field = names.includes(entry.key) ? schema.properties?.[entry.key] : others;
    const fieldPath = [...path, entry.key];
    if (field !== undefined) check(entry.node, field, fieldPath, checking);
    else report(checking, entry.keyRange, fieldPath, { code: 'UNKNOWN_FIELD', meant: mostSimilar(entry.key, names) });
  }
  const has = (name: string) => entriesOf(node).some((entry) => entry.key === name);
  for (const name of schema.required ?? []) {
    if (!has(name)) report(checking, placeOf(node), [...path, name], { code: 'MISSING_FIELD' });
  }
}

function placeOf(node: FileNode): Pick<Entry['keyRange'], 'start' | 'end'> {
  return entriesOf(node)[0]?.keyRange ?? node;
}

function report(
  checking: Checking,
  { start, end }: { start: number; end: number },
  path: readonly string[],
  fault: Fault,
): void {
  checking.problems.push({ range: { start, end }, label: labelOf(path), fault });
}

/** The largest whole number of the API's type Int. */
const INT_MAX = 2 ** 31 - 1;

function typeOf(node: FileNode): ValueType {
  if (node.kind === 'list') return 'array';
  if (node.kind === 'map') return 'object';
  const { content } = node;
  if (content === null) return 'null';
  if (typeof content === 'number')
    return Number.isInteger(content) && Math.abs(content) <= INT_MAX ? 'integer' : 'number';
  return typeof content === 'boolean' ? 'boolean' : 'string';
}

function allows(types: string | readonly string[], type: ValueType): boolean {
  return [types].flat().includes(type);
}

function wrongType(node: FileNode, found: ValueType, options: readonly Schema[]): Fault {
  const expected = options.flatMap(({ type }) => [type ?? []].flat()).find(isRealType) ?? 'string';
  const text = node.kind === 'scalar' && node.content !== null ? String(node.content) : null;
  return { code: 'WRONG_TYPE', found, expected, text };
}

const REAL_TYPES: readonly ValueType[] = ['boolean', 'integer', 'number', 'string', 'array', 'object'];

function isRealType(type: string): type is ValueType {
  return REAL_TYPES.some((it) => it === type);
}

/** At most this part of a name may differ from the one that was probably meant. */
const DIFFERENCE_MAX = 0.3;

/** The name that was probably meant: that with the fewest edits. */
function mostSimilar(name: string, names: readonly string[]): string | null {
  const best = names
    .map((candidate) => ({ candidate, edits: editsBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits)[0];
  return best !== undefined && best.edits <= Math.max(1, best.candidate.length * DIFFERENCE_MAX)
    ? best.candidate
    : null;
}

/** The Levenshtein distance. Names are short; of a longer text only the start counts. */
function editsBetween(one: string, other: string): number {
  const text = one.slice(0, 60);
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let x = 1; x <= text.length; x += 1) {
    const next = [x];
    for (let y = 1; y <= other.length; y += 1) {
      const change = (row[y - 1] ?? 0) + (text[x - 1] === other[y - 1] ? 0 : 1);
      next.push(Math.min(change, (row[y] ?? 0) + 1, (next[y - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
