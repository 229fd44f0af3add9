import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { FieldErrors, FieldHead } from './AriaField';
import { cannotChange, errorsOf, fieldClass, type FieldProps } from './Field';
import { Icon, type IconName } from './Icon';
import './Segmented.css';

export interface SegmentedItem<K extends string> {
  id: K;
  label: string;
  icon?: IconName | undefined;
}

export interface SegmentedProps<K extends string> extends FieldProps {
  items: readonly SegmentedItem<K>[];
  value: K;
  onChange: (value: K) => void;
}

/** One of two to four things that all stand there: on, off, leave. */
export function Segmented<K extends string>(props: SegmentedProps<K>) {
  const { items, error } = props;
  return (
    <RadioGroup
      className={fieldClass('segmented-field', props)}
      value={props.value}
      onChange={(value) => {
        const item = items.find((candidate) => candidate.id === value);
        if (item !== undefined) props.onChange(item.id);
      }}
      orientation="horizontal"
      isDisabled={cannotChange(props)}
      isRequired={props.isRequired}
      isInvalid={errorsOf(error).length > 0}
      validationBehavior="aria"
      name={props.name}
      id={props.id}
    >
      <FieldHead {...props} />
      <div className="segmented">
        {items.map(({ id, label, icon }) => (
          <Radio key={id} value={id} className="segmented-item">
            {icon !== undefined && <Icon name={icon} />}
            <span>{label}</span>
          </Radio>
        ))}
      </div>
      <FieldErrors error={error} />
    </RadioGroup>
  );
}
