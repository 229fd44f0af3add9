import type { HTMLInputAutoCompleteAttribute, KeyboardEventHandler, Ref } from 'react';
import { Input } from 'react-aria-components/Input';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import { errorsOf, FieldCounter, FieldErrors, fieldClass, FieldHead, type FieldProps } from './Field';
import { Icon, type IconName } from './Icon';

export interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  onBlur?: (() => void) | undefined;
  onKeyDown?: KeyboardEventHandler<HTMLInputElement> | undefined;
  /** The most characters that the service takes: shows "12/255". More can be typed, and are then an error of the form. */
  max?: number | undefined;
  /** Whether the service removes white space around the text before it counts. */
  isTrimmed?: boolean | undefined;
  type?: 'text' | 'url' | 'tel' | 'email' | 'search' | 'password' | undefined;
  placeholder?: string | undefined;
  icon?: IconName | undefined;
  /** What follows the text inside the box, such as a unit. */
  suffix?: string | undefined;
  /** Which keyboard a phone shows. */
  inputMode?: 'numeric' | 'text' | undefined;
  /** Whether it is written in a font for code: addresses, names of headers, ids. */
  isCode?: boolean | undefined;
  autoComplete?: HTMLInputAutoCompleteAttribute | undefined;
  spellCheck?: boolean | undefined;
  inputRef?: Ref<HTMLInputElement> | undefined;
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const { value, max, error, placeholder, icon, isCode = false, inputRef } = props;
  const isReadOnly = props.disabledReason !== undefined;
  return (
    <AriaTextField
      className={fieldClass('text-field', props)}
      value={value}
      onChange={props.onChange}
      onBlur={props.onBlur}
      onKeyDown={props.onKeyDown}
      isDisabled={props.isDisabled === true && !isReadOnly}
      isReadOnly={isReadOnly}
      isRequired={props.isRequired}
      isInvalid={errorsOf(error).length > 0}
      validationBehavior="aria"
      type={props.type}
      inputMode={props.inputMode}
      name={props.name}
      id={props.id}
      autoFocus={props.autoFocus}
      autoComplete={props.autoComplete ?? 'off'}
      spellCheck={(props.spellCheck ?? !isCode) ? 'true' : 'false'}
    >
      <FieldHead {...props} />
      <div className="field-box">
        {icon !== undefined && (
          <span className="text-field-icon">
            <Icon name={icon} />
          </span>
        )}
        <Input className={`field-input${isCode ? ' text-field-code' : ''}`} placeholder={placeholder} ref={inputRef} />
        {props.suffix !== undefined && (
          <span className="text-field-suffix" aria-hidden="true">
            {props.suffix}
          </span>
        )}
      </div>
      {(errorsOf(error).length > 0 || max !== undefined) && (
        <div className="field-foot">
          <FieldErrors error={error} />
          {max !== undefined && <FieldCounter value={value} max={max} isTrimmed={props.isTrimmed} />}
        </div>
      )}
    </AriaTextField>
  );
}
