import type { KeyboardEventHandler, Ref } from 'react';
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import { errorsOf, FieldCounter, FieldErrors, fieldClass, FieldHead, type FieldProps } from './Field';
import './TextArea.css';

export interface TextAreaProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  onBlur?: (() => void) | undefined;
  onKeyDown?: KeyboardEventHandler<HTMLTextAreaElement> | undefined;
  /** The most characters that the service takes: shows "840/20,000". */
  max?: number | undefined;
  isTrimmed?: boolean | undefined;
  /** The lines that are there without a text; it grows with its text up to half of the window. */
  rows?: number | undefined;
  placeholder?: string | undefined;
  isCode?: boolean | undefined;
  inputRef?: Ref<HTMLTextAreaElement> | undefined;
}

/** Text of several lines. */
export function TextArea(props: TextAreaProps) {
  const { value, max, error, isCode = false } = props;
  const isReadOnly = props.disabledReason !== undefined;
  return (
    <AriaTextField
      className={fieldClass('text-area', props)}
      value={value}
      onChange={props.onChange}
      onBlur={props.onBlur}
      isDisabled={props.isDisabled === true && !isReadOnly}
      isReadOnly={isReadOnly}
      isRequired={props.isRequired}
      isInvalid={errorsOf(error).length > 0}
      validationBehavior="aria"
      name={props.name}
      id={props.id}
      autoFocus={props.autoFocus}
      spellCheck={isCode ? 'false' : 'true'}
    >
      <FieldHead {...props} />
      <div className="field-box">
        <AriaTextArea
          className={`field-input text-area-input${isCode ? ' text-field-code' : ''}`}
          rows={props.rows ?? 3}
          placeholder={props.placeholder}
          ref={props.inputRef}
          onKeyDown={props.onKeyDown}
        />
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
