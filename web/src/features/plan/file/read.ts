import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Node,
  type Pair,
  type Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { labelOf, type Entry, type FileNode, type FileProblem, type Range, type SyntaxCode } from './tree';

/** What a text contains, or all that is wrong with its language. */
export type ReadResult = { root: FileNode; problems: [] } | { root: null; problems: [FileProblem, ...FileProblem[]] };

/**
 * Reads a pipeline file, as YAML 1.2 or JSON, which is a part of it. As on the command line there are no aliases, anchors and tags,
 * no key is there twice, and there is one document.
 */
export function readText(text: string): ReadResult {
  const document = parseDocument(text, { prettyErrors: false, version: '1.2', schema: 'core' });
  const reader = new Reader();
  const whole = { start: 0, end: Math.min(text.length, 1) };
  const root = document.contents === null ? null : reader.node(document.contents, []);
  const problems = [...document.errors.map(problemOf), ...reader.problems].sort(
    (one, other) => one.range.start - other.range.start,
  );
  const isEmpty = root === null || (root.kind === 'scalar' && root.content === null);
  if (isEmpty && problems.length === 0) problems.push({ range: whole, label: '', fault: { code: 'EMPTY' } });
  const [first, ...rest] = problems;
  if (first !== undefined) return { root: null, problems: [first, ...rest] };
  return root === null
    ? { root: null, problems: [{ range: whole, label: '', fault: { code: 'EMPTY' } }] }
    : { root, problems: [] };
}

/** The codes of the parser that have a sentence of their own. */
const CODES: Readonly<Record<string, SyntaxCode>> = {
  MULTIPLE_DOCS: 'SECOND_DOCUMENT',
  DUPLICATE_KEY: 'DUPLICATE_KEY',
  NON_STRING_KEY: 'KEY_NOT_TEXT',
  TAB_AS_INDENT: 'TAB_INDENT',
  BAD_INDENT: 'INDENT',
  BAD_ALIAS: 'ALIAS',
  TAG_RESOLVE_FAILED: 'TAG',
  MISSING_CHAR: 'NOT_CLOSED',
};

function problemOf(error: YAMLError): FileProblem {
  const [start, end] = error.pos;
  return { range: { start, end }, label: '', fault: { code: CODES[error.code] ?? 'SYNTAX' } };
}

/** Makes nodes with positions, and notes what a pipeline file may not have. */
class Reader {
  readonly problems: FileProblem[] = [];

  node(node: Node, path: readonly string[]): FileNode {
    const range = rangeOfNode(node);
    if (isAlias(node)) {
      this.add(range, path, 'ALIAS');
      return { ...range, kind: 'scalar', content: null };
    }
    this.checkProperties(node, range, path);
    if (isSeq<Node>(node))
      return { ...range, kind: 'list', content: node.items.map((item, index) => this.element(item, index, path)) };
    if (isMap<Node, Node | null>(node))
      return { ...range, kind: 'map', content: node.items.flatMap((pair) => this.field(pair, path)) };
    return { ...range, kind: 'scalar', content: isScalar(node) ? scalar(node.value) : null };
  }

  private element(item: Node, index: number, path: readonly string[]): Entry {
    const key = String(index);
    const node = this.node(item, [...path, key]);
    const first = Array.isArray(node.content) ? node.content[0] : undefined;
    return { key, keyRange: first?.keyRange ?? node, node };
  }

  private field({ key, value }: Pair<Node, Node | null>, path: readonly string[]): Entry[] {
    const keyRange = rangeOfNode(key);
    if (!isScalar(key)) {
      this.add(keyRange, path, isAlias(key) ? 'ALIAS' : 'KEY_NOT_TEXT');
      return [];
    }
    this.checkProperties(key, keyRange, path);
    const name = key.source ?? String(key.value);
    const missing: FileNode = { ...keyRange, kind: 'scalar', content: null };
    return [{ key: name, keyRange, node: value === null ? missing : this.node(value, [...path, name]) }];
  }

  private checkProperties(node: Scalar | YAMLMap | YAMLSeq, range: Range, path: readonly string[]): void {
    if (node.anchor !== undefined) this.add(range, path, 'ANCHOR');
    if (node.tag !== undefined) this.add(range, path, 'TAG');
  }

  private add(range: Range, path: readonly string[], code: SyntaxCode): void {
    this.problems.push({ range, label: labelOf(path), fault: { code } });
  }
}

function rangeOfNode(node: Node): Range {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

function scalar(value: unknown): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
