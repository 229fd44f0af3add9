import { useState, type ReactNode } from 'react';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../Button';
import { Icon } from '../Icon';
import { VisuallyHidden } from '../VisuallyHidden';
import { listDifference } from './lists';
import { shapeOf, type Scalar } from './shape';
import { wordDifference, type TextPart } from './words';
import './FieldDifference.css';

/**
 * A value in words: a choice by its label, an id by the name of what it is. Without a text the value says itself.
 * `isData` tells that the text is somebody's own word instead of a message.
 */
export type Words = (value: Scalar) => { text: string | undefined; isData?: boolean };

export interface FieldDifferenceProps {
  /** What the field is called. */
  label: string;
  before: unknown;
  after: unknown;
  words?: Words | undefined;
  /** What has to be said about it beside the values. */
  note?: string | undefined;
}

/** The fields that differ, one below the other. */
export function Differences({ children }: { children: ReactNode }) {
  return <dl className="differences">{children}</dl>;
}

/** A field before and after: what was removed is struck out, what was added is marked. Goes into Differences. */
export function FieldDifference({ label, before, after, words, note }: FieldDifferenceProps) {
  const shape = shapeOf(before, after);
  return (
    <div className="field-difference">
      <dt className="field-difference-label">{label}</dt>
      <dd className="field-difference-values">
        {shape.kind === 'entries' && <Entries {...shape} words={words} />}
        {shape.kind === 'text' && <LongText parts={wordDifference(shape.before, shape.after)} />}
        {shape.kind === 'value' && <Values {...shape} words={words} />}
        {note !== undefined && <p className="field-difference-note">{note}</p>}
      </dd>
    </div>
  );
}

function Entries({
  before,
  after,
  words,
}: {
  before: readonly string[];
  after: readonly string[];
  words: Words | undefined;
}) {
  const t = useMessages();
  const { removed, added, isReordered } = listDifference(before, after);
  return (
    <ul className="difference-entries">
      {removed.map((entry) => (
        <li key={`-${entry}`}>
          <Removed>
            <Value value={entry} words={words} />
          </Removed>
        </li>
      ))}
      {added.map((entry) => (
        <li key={`+${entry}`}>
          <Added>
            <Value value={entry} words={words} />
          </Added>
        </li>
      ))}
      {isReordered && <li className="field-difference-note">{t.difference.reordered}</li>}
    </ul>
  );
}

function Values({ before, after, words }: { before: Scalar | null; after: Scalar | null; words: Words | undefined }) {
  return (
    <span className="difference-pair">
      {before !== null && (
        <Removed>
          <Value value={before} words={words} />
        </Removed>
      )}
      {before !== null && after !== null && <Icon name="arrowRight" className="difference-arrow" />}
      {after !== null && (
        <Added>
          <Value value={after} words={words} />
        </Added>
      )}
    </span>
  );
}

function Value({ value, words }: { value: Scalar; words: Words | undefined }) {
  const t = useMessages();
  const format = useFormat();
  const { text, isData } = words?.(value) ?? {};
  if (text !== undefined) return isData === true ? <span translate="no">{text}</span> : text;
  if (typeof value === 'boolean') return value ? t.values.yes : t.values.no;
  return <span translate="no">{typeof value === 'number' ? format.number(value) : value}</span>;
}

/** So many characters of a text are shown until somebody asks for the rest. */
const FOLDED_MAX = 400;

function LongText({ parts }: { parts: readonly TextPart[] }) {
  const t = useMessages();
  const [isOpen, setOpen] = useState(false);
  const length = parts.reduce((sum, { text }) => sum + text.length, 0);
  const isFoldable = length > FOLDED_MAX;
  return (
    <>
      <p className="difference-text">
        {(isOpen || !isFoldable ? parts : around(parts)).map((part, index) => (
          <Part key={index} part={part} />
        ))}
      </p>
      {isFoldable && (
        <Button size="sm" variant="quiet" onPress={() => setOpen(!isOpen)} aria-expanded={isOpen}>
          {isOpen ? t.difference.showLess : t.difference.showWhole}
        </Button>
      )}
    </>
  );
}

function Part({ part: { kind, text } }: { part: TextPart }) {
  if (kind === 'removed')
    return (
      <Removed>
        <span translate="no">{text}</span>
      </Removed>
    );
  if (kind === 'added')
    return (
      <Added>
        <span translate="no">{text}</span>
      </Added>
    );
  return <span translate="no">{text}</span>;
}

/** So many characters are left of what stayed, beside what was changed. */
const CONTEXT = 60;

/** The parts of a long text without the middle of what stayed, and cut to a length that fits into a list. */
function around(parts: readonly TextPart[]): TextPart[] {
  const shown: TextPart[] = [];
  let length = 0;
  for (const [index, part] of parts.entries()) {
    const text = part.kind === 'same' ? shortened(part.text, index === 0, index === parts.length - 1) : part.text;
    const rest = FOLDED_MAX - length;
    shown.push({ kind: part.kind, text: text.length > rest ? `${text.slice(0, rest)}…` : text });
    length += text.length;
    if (length >= FOLDED_MAX) break;
  }
  return shown;
}

function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= 2 * CONTEXT + 10) return text;
  const start = isFirst ? '' : text.slice(0, CONTEXT);
  const end = isLast ? '' : text.slice(-CONTEXT);
  return `${start} … ${end}`;
}

function Removed({ children }: { children: ReactNode }) {
  const t = useMessages();
  return (
    <del className="difference-removed">
      <VisuallyHidden>{t.difference.removed} </VisuallyHidden>
      {children}
    </del>
  );
}

function Added({ children }: { children: ReactNode }) {
  const t = useMessages();
  return (
    <ins className="difference-added">
      <VisuallyHidden>{t.difference.added} </VisuallyHidden>
      {children}
    </ins>
  );
}
