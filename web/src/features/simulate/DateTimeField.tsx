import type { FieldProps } from '../../ui/Field';
import { TextFrame } from '../../ui/TextFrame';

export interface DateTimeFieldProps extends FieldProps {
  /** RFC 3339, in UTC. */
  value: string;
  onChange: (value: string) => void;
}

/** A point in time, in the time zone of the browser, with the browser's own calendar. */
export function DateTimeField({ value, onChange, ...props }: DateTimeFieldProps) {
  function change(text: string) {
    const at = new Date(text);
    // The text of an incomplete time is empty: the last complete one is kept.
    if (!Number.isNaN(at.getTime())) onChange(at.toISOString().replace('.000', ''));
  }
  return (
    <TextFrame field={{ ...props, value: localTime(value), onChange: change }} className="date-time-field">
      {(control) => <input {...control} type="datetime-local" onChange={(event) => change(event.target.value)} />}
    </TextFrame>
  );
}

/** 2026-01-05T09:00, as the browser's field has it. */
function localTime(value: string): string {
  const at = new Date(value);
  const part = (number: number, length = 2) => String(number).padStart(length, '0');
  const date = `${part(at.getFullYear(), 4)}-${part(at.getMonth() + 1)}-${part(at.getDate())}`;
  return `${date}T${part(at.getHours())}:${part(at.getMinutes())}`;
}
