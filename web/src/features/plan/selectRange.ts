import { lineAndColumn, type Range } from './file/tree';

/** Selects a part of the text of a field, scrolls to it and gives the field the focus. Lines of the field do not wrap. */
export function selectRange(field: HTMLTextAreaElement, { start, end }: Range): void {
  const text = field.value;
  const endOfLine = text.indexOf('\n', start);
  const last = endOfLine === -1 ? text.length : endOfLine;
  field.focus();
  field.setSelectionRange(start, Math.min(Math.max(end, start), last));
  const lineHeight = Number.parseFloat(getComputedStyle(field).lineHeight);
  const { line } = lineAndColumn(text, start);
  field.scrollTop = Math.max(0, (line - 1) * lineHeight - field.clientHeight / 3);
  field.scrollIntoView({ block: 'nearest' });
}
