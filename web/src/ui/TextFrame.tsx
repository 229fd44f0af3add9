import { type ReactNode, useId } from 'react';
import {
  ErrorLines,
  errorsOf,
  FieldCounter,
  FieldDescription,
  type FieldProps,
  fieldClass,
  isForReading,
  RequiredMark,
} from './Field';
import { VisuallyHidden } from './VisuallyHidden';

export interface TextProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  onBlur?: (() => void) | undefined;
  /** The most characters that the service takes: shows "12/255". More can be typed, and are then an error of the form. */
  max?: number | undefined;
  /** Whether the service removes white space around the text before it counts. */
  isTrimmed?: boolean | undefined;
  placeholder?: string | undefined;
  /** Whether it is written in a font for code: addresses, names of headers, ids. */
  isCode?: boolean | undefined;
  spellCheck?: boolean | undefined;
}

/** What the `input` or `textarea` of a field gets. */
export interface TextControl {
  id: string;
  className: string;
  name: string | undefined;
  value: string;
  placeholder: string | undefined;
  disabled: boolean;
  readOnly: boolean;
  autoFocus: boolean | undefined;
  spellCheck: boolean;
  onBlur: (() => void) | undefined;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  'aria-required': true | undefined;
}

interface Props {
  field: TextProps;
  className: string;
  children: (control: TextControl) => ReactNode;
}

/** Label, description, errors and counter around a control for text, connected with it. */
export function TextFrame({ field, className, children }: Props) {
  const ownId = useId();
  const { label, isRequired = false, description, disabledReason, value, max, isCode = false } = field;
  const id = field.id ?? ownId;
  const sentences = errorsOf(field.error);
  const isInvalid = sentences.length > 0;
  const isReadOnly = isForReading(field);
  const isDisabled = field.isDisabled === true && !isReadOnly;
  const hasDescription = description !== undefined || disabledReason !== undefined;
  const described = [
    hasDescription && `${id}-description`,
    isInvalid && `${id}-error`,
    max !== undefined && `${id}-counter`,
  ].filter((part) => part !== false);
  return (
    <div
      className={fieldClass(className, field)}
      data-invalid={isInvalid || undefined}
      data-disabled={isDisabled || undefined}
      data-readonly={isReadOnly || undefined}
    >
      {field.isLabelHidden === true ? (
        <VisuallyHidden>
          <label htmlFor={id}>{label}</label>
        </VisuallyHidden>
      ) : (
        <div className="field-head">
          <label htmlFor={id} className="field-label">
            {label}
            {isRequired && <RequiredMark />}
          </label>
          {field.labelEnd}
        </div>
      )}
      {hasDescription && (
        <span id={`${id}-description`} className="field-description">
          <FieldDescription description={description} disabledReason={disabledReason} />
        </span>
      )}
      <div className="field-box">
        {children({
          id,
          className: `field-input${isCode ? ' text-field-code' : ''}`,
          name: field.name,
          value,
          placeholder: field.placeholder,
          disabled: isDisabled,
          readOnly: isReadOnly,
          autoFocus: field.autoFocus,
          spellCheck: field.spellCheck ?? !isCode,
          onBlur: field.onBlur,
          'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
          'aria-invalid': isInvalid || undefined,
          'aria-required': isRequired || undefined,
        })}
      </div>
      {(isInvalid || max !== undefined) && (
        <div className="field-foot">
          {isInvalid && (
            <span id={`${id}-error`} className="field-error">
              <ErrorLines sentences={sentences} />
            </span>
          )}
          {max !== undefined && (
            <span id={`${id}-counter`} className="field-count">
              <FieldCounter value={value} max={max} isTrimmed={field.isTrimmed} />
            </span>
          )}
        </div>
      )}
    </div>
  );
}
