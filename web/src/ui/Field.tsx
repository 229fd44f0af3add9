import type { ReactNode } from 'react';
import { useFormat, useMessages } from '../messages/Messages';
import { characters, trimmed } from '../rules/text';
import { Icon } from './Icon';
import { VisuallyHidden } from './VisuallyHidden';
import './Field.css';

/** What all fields of forms have in common. */
export interface FieldProps {
  label: string;
  /** Whether the label is for assistive technology alone, because the place says what the field is. */
  isLabelHidden?: boolean | undefined;
  /** What it means, in a sentence; below the label. */
  description?: ReactNode;
  /** What is wrong with the value and what to do: shown beside the field, and connected with it. */
  error?: string | readonly string[] | undefined;
  isDisabled?: boolean | undefined;
  /** Why the value cannot be changed. Texts then stay readable and can be copied. */
  disabledReason?: string | undefined;
  /** Whether the value cannot be changed, as with a reason that the place has said already: once for all of its fields. */
  isReadOnly?: boolean | undefined;
  isRequired?: boolean | undefined;
  /** A button or a link that belongs to the field, at the end of the line of its label. */
  labelEnd?: ReactNode;
  /** Of the control, which a link of a summary moves the focus to. */
  id?: string | undefined;
  name?: string | undefined;
  autoFocus?: boolean | undefined;
  className?: string | undefined;
}

/** The sentences of `error`, each once. */
export function errorsOf(error: FieldProps['error']): readonly string[] {
  if (error === undefined) return [];
  return typeof error === 'string' ? [error] : [...new Set(error)];
}

/** Whether the value is for reading: it may become one that can be changed, and is not meaningless now. */
export function isForReading({ isReadOnly, disabledReason }: Pick<FieldProps, 'isReadOnly' | 'disabledReason'>): boolean {
  return isReadOnly === true || disabledReason !== undefined;
}

/** Whether the value cannot be changed, for any reason. */
export function cannotChange(props: Pick<FieldProps, 'isDisabled' | 'isReadOnly' | 'disabledReason'>): boolean {
  return props.isDisabled === true || isForReading(props);
}

/** The class names of a field's outermost element. */
export function fieldClass(name: string, { className, isLabelHidden }: FieldProps): string {
  return `field ${name}${isLabelHidden === true ? ' field-bare' : ''}${className === undefined ? '' : ` ${className}`}`;
}

/** The sign behind the label of a field that has to be filled in; assistive technology learns it from the control. */
export function RequiredMark() {
  const t = useMessages();
  return (
    <span className="field-required" title={t.ui.required} aria-hidden="true">
      *
    </span>
  );
}

/** The text of a description, and why the value cannot be changed. */
export function FieldDescription({ description, disabledReason }: Pick<FieldProps, 'description' | 'disabledReason'>) {
  return (
    <>
      {description}
      {disabledReason !== undefined && (
        <span className="field-reason">
          <Icon name="lock" />
          {disabledReason}
        </span>
      )}
    </>
  );
}

/** The sentences about a value, one a line. */
export function ErrorLines({ sentences }: { sentences: readonly string[] }) {
  return sentences.map((sentence) => (
    <span key={sentence} className="field-error-line">
      <Icon name="error" />
      <span>{sentence}</span>
    </span>
  ));
}

/** "12/255": how many characters a text has of those that it may have, as the service counts them. */
export function FieldCounter({
  value,
  max,
  isTrimmed = false,
}: {
  value: string;
  max: number;
  isTrimmed?: boolean | undefined;
}) {
  const t = useMessages();
  const format = useFormat();
  const count = characters(isTrimmed ? trimmed(value) : value);
  const isOver = count > max;
  return (
    <span className={`field-counter${isOver ? ' field-counter-over' : ''}`}>
      <span aria-hidden="true">{t.ui.counter(format.number(count), format.number(max))}</span>
      <VisuallyHidden>{t.ui.counterInWords(format.number(count), format.number(max))}</VisuallyHidden>
    </span>
  );
}
