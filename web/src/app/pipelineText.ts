import { Document, visit, type Scalar } from 'yaml';
import type { PipelineSpec } from './pipelineSpec';

/** The text of a pipeline file. A header value that looks like a variable of a file is escaped, as it is none. */
export function textOf(spec: PipelineSpec): string {
  const document = new Document(withEscapes(spec), { version: '1.2', compat: 'yaml-1.1' });
  visit(document, { Scalar: (place, node) => (place === 'key' ? undefined : setStyle(node)) });
  // In quotes a line break is written as \n: folding such texts over lines loses parts of some.
  return document.toString({ lineWidth: 88, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
}

/** Texts that are longer are written as blocks, so that their lines fit on a screen. */
const LINE_MAX = 72;

/** White space at the start of the text and at the ends of lines, and tabs: a block may change them. */
const UNTIDY = /^\s|[^\S\n](\n|$)|\n\n$|[\t\r\u2028\u2029]/;

function setStyle(node: Scalar): void {
  const { value } = node;
  if (typeof value !== 'string') return;
  if (UNTIDY.test(value)) node.type = 'QUOTE_DOUBLE';
  else if (value.includes('\n')) node.type = 'BLOCK_LITERAL';
  else if (value.length > LINE_MAX) node.type = 'BLOCK_FOLDED';
}

function withEscapes(spec: PipelineSpec): PipelineSpec {
  return {
    ...spec,
    steps: spec.steps.map((step) =>
      isMap(step.webhookHeader) ? { ...step, webhookHeader: escaped(step.webhookHeader) } : step,
    ),
  };
}

function escaped(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const escape = (value: unknown) => (typeof value === 'string' ? value.split('${').join('$${') : value);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, escape(value)]));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
