import { useState } from 'react';
import { useMessages } from '../../messages/Messages';
import { NumberField } from '../../ui/NumberField';
import { Picker } from '../../ui/Picker';
import './DurationField.css';

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
type Unit = keyof typeof UNITS;
const SMALLEST_FIRST: readonly Unit[] = ['s', 'm', 'h', 'd'];

/** A time as a number and its unit. NaN is an empty field. */
export function DurationField({
  id,
  label,
  seconds,
  onChange,
  error,
}: {
  id: string;
  label: string;
  seconds: number;
  onChange: (seconds: number) => void;
  error?: string | readonly string[] | undefined;
}) {
  const t = useMessages();
  // What is typed keeps its unit: 60 minutes do not become an hour under the cursor.
  const [unit, setUnit] = useState<Unit>(
    () => SMALLEST_FIRST.findLast((candidate) => seconds > 0 && seconds % UNITS[candidate] === 0) ?? 'm',
  );
  const amount = seconds / UNITS[unit];
  return (
    <div className="duration-field">
      <NumberField
        id={id}
        label={label}
        value={Number.isNaN(amount) ? null : amount}
        onChange={(value) => onChange(value === null ? Number.NaN : value * UNITS[unit])}
        error={error}
      />
      <Picker
        label={`${label}: ${t.simulate.unit}`}
        isLabelHidden
        value={unit}
        items={SMALLEST_FIRST.map((id) => ({ id, label: id === 's' ? t.values.seconds : t.values.timeUnit[id] }))}
        onChange={(next) => {
          setUnit(next);
          onChange(amount * UNITS[next]);
        }}
      />
    </div>
  );
}
