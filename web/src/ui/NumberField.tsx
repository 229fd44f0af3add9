import { type Ref, useState } from 'react';
import { useFormat, useMessages } from '../messages/Messages';
import type { FieldProps } from './Field';
import { wholeNumberOf } from './number';
import { TextField } from './TextField';

export interface NumberFieldProps extends FieldProps {
  /** Null is an empty field. */
  value: number | null;
  /** Is called with null also for a text that is no whole number; the field says so itself. */
  onChange: (value: number | null) => void;
  placeholder?: string | undefined;
  /** What follows the number inside the box, such as a unit. */
  suffix?: string | undefined;
  inputRef?: Ref<HTMLInputElement> | undefined;
}

/**
 * A whole number, as the language writes it. It keeps what is typed: a number field that leaves out the signs that it
 * does not know makes 15 of 1.5. What is out of range is an error of the form.
 */
export function NumberField({ value, onChange, ...props }: NumberFieldProps) {
  const t = useMessages();
  const format = useFormat();
  const [text, setText] = useState(value === null ? '' : format.number(value));
  const [known, setKnown] = useState(value);
  // The value can be changed from outside: by undo, by other settings.
  if (known !== value) {
    setKnown(value);
    setText(value === null ? '' : format.number(value));
  }
  const typed = wholeNumberOf(text, format.number(1000));
  const isNumber = text.trim() === '' || typed !== null;
  return (
    <TextField
      {...props}
      className={`number-field${props.className === undefined ? '' : ` ${props.className}`}`}
      inputMode="numeric"
      value={text}
      onChange={(next) => {
        const number = wholeNumberOf(next, format.number(1000));
        setText(next);
        setKnown(number);
        if (number !== value) onChange(number);
      }}
      onBlur={() => {
        if (typed !== null) setText(format.number(typed));
      }}
      error={isNumber ? props.error : t.ui.notANumber}
    />
  );
}
