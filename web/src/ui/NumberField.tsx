import type { Ref } from 'react';
import { Input } from 'react-aria-components/Input';
import { NumberField as AriaNumberField } from 'react-aria-components/NumberField';
import { errorsOf, FieldErrors, fieldClass, FieldHead, type FieldProps } from './Field';
import './NumberField.css';

export interface NumberFieldProps extends FieldProps {
  /** Null is an empty field. */
  value: number | null;
  onChange: (value: number | null) => void;
  placeholder?: string | undefined;
  /** What follows the number inside the box, such as a unit. */
  suffix?: string | undefined;
  inputRef?: Ref<HTMLInputElement> | undefined;
}

/** A whole number, as the language writes it. It corrects nothing by itself: what is out of range is an error of the form. */
export function NumberField(props: NumberFieldProps) {
  const { value, error, suffix } = props;
  const isReadOnly = props.disabledReason !== undefined;
  return (
    <AriaNumberField
      className={fieldClass('number-field', props)}
      value={value ?? Number.NaN}
      onChange={(next) => props.onChange(Number.isNaN(next) ? null : next)}
      formatOptions={{ maximumFractionDigits: 0 }}
      isDisabled={props.isDisabled === true && !isReadOnly}
      isReadOnly={isReadOnly}
      isRequired={props.isRequired}
      isInvalid={errorsOf(error).length > 0}
      isWheelDisabled
      validationBehavior="aria"
      name={props.name}
      id={props.id}
      autoFocus={props.autoFocus}
    >
      <FieldHead {...props} />
      <div className="field-box">
        <Input className="field-input number-field-input" placeholder={props.placeholder} ref={props.inputRef} />
        {suffix !== undefined && (
          <span className="number-field-suffix" aria-hidden="true">
            {suffix}
          </span>
        )}
      </div>
      <FieldErrors error={error} />
    </AriaNumberField>
  );
}
