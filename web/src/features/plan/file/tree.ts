/** A value of a pipeline file, with where it stands in the text. */
export interface FileNode extends Range {
  content: string | number | boolean | null | readonly Entry[];
  kind: 'scalar' | 'list' | 'map';
}

/** An element of a list or a field of a map. The key of an element is its index. */
export interface Entry {
  key: string;
  keyRange: Range;
  node: FileNode;
}

/** A part of a text: the index of its first character, and that after its last one. */
export interface Range {
  start: number;
  end: number;
}

/** Why a file cannot be used, and where. The page makes a sentence of it. */
export interface FileProblem {
  range: Range;
  /** The value that it is about, such as `steps[2].autoNextTime`; empty for the whole file. */
  label: string;
  fault: Fault;
}

export type Fault =
  | { code: SyntaxCode }
  | { code: 'UNKNOWN_FIELD'; meant: string | null }
  | { code: 'MISSING_FIELD' }
  | { code: 'NOT_ALLOWED'; found: string; allowed: readonly string[] }
  | { code: 'WRONG_TYPE'; found: ValueType; expected: ValueType; text: string | null };

/** Faults of the language, before any field is looked at. */
export type SyntaxCode =
  | 'EMPTY'
  | 'SECOND_DOCUMENT'
  | 'ALIAS'
  | 'ANCHOR'
  | 'TAG'
  | 'KEY_NOT_TEXT'
  | 'DUPLICATE_KEY'
  | 'TAB_INDENT'
  | 'INDENT'
  | 'NOT_CLOSED'
  | 'SYNTAX';

export type ValueType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** The entries of a list or a map; none of a scalar. */
export function entriesOf(node: FileNode): readonly Entry[] {
  return typeof node.content === 'object' && node.content !== null ? node.content : [];
}

/** Where the value with this path stands; what is around it, if it is not there. */
export function rangeOf(root: FileNode, path: readonly string[]): Range {
  let range: Range = firstLine(root);
  let node = root;
  for (const key of path) {
    const entry = entriesOf(node).find((it) => it.key === key);
    if (entry === undefined) break;
    node = entry.node;
    // Of a list or a map the key tells more than all of its lines.
    range = node.kind === 'scalar' ? node : entry.keyRange;
  }
  return range;
}

function firstLine(root: FileNode): Range {
  return entriesOf(root)[0]?.keyRange ?? root;
}

/** A path as people write it: `steps[2].webhookHeader[X-Key]`. */
export function labelOf(path: readonly string[]): string {
  return path.reduce((label, key, index) => {
    if (/^\d+$/.test(key) || path[index - 1] === 'webhookHeader') return `${label}[${key}]`;
    return label === '' ? key : `${label}.${key}`;
  }, '');
}

/** The line and the column of a place in a text, both from 1. */
export function lineAndColumn(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: Array.from(before.slice(lineStart)).length + 1 };
}
