import type { ReactNode } from 'react';
import { CheckboxButton, CheckboxField } from 'react-aria-components/Checkbox';
import { Text } from 'react-aria-components/Text';
import { FieldErrors } from './AriaField';
import { errorsOf, type FieldProps } from './Field';
import { Icon } from './Icon';
import './Toggle.css';

export interface CheckboxProps extends Pick<
  FieldProps,
  'description' | 'error' | 'isDisabled' | 'disabledReason' | 'id' | 'name' | 'autoFocus' | 'className'
> {
  /** What is true when it is ticked. */
  children: ReactNode;
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
  /** Neither: some of several things are chosen. */
  isIndeterminate?: boolean | undefined;
  /** Says what it is where `children` are no text. */
  'aria-label'?: string | undefined;
}

/** A value that is true or not, and takes effect with the rest of a form. */
export function Checkbox(props: CheckboxProps) {
  const { children, description, disabledReason, error } = props;
  return (
    <CheckboxField
      className={`toggle${props.className === undefined ? '' : ` ${props.className}`}`}
      isSelected={props.isSelected}
      onChange={props.onChange}
      isIndeterminate={props.isIndeterminate}
      isDisabled={props.isDisabled === true || disabledReason !== undefined}
      isInvalid={errorsOf(error).length > 0}
      validationBehavior="aria"
      name={props.name}
      id={props.id}
      autoFocus={props.autoFocus}
      aria-label={props['aria-label']}
    >
      <CheckboxButton className="toggle-button">
        {({ isIndeterminate }) => (
          <>
            <span className="checkbox-box">
              <Icon name={isIndeterminate ? 'minus' : 'check'} />
            </span>
            <span className="toggle-text">{children}</span>
          </>
        )}
      </CheckboxButton>
      <ToggleNotes description={description} disabledReason={disabledReason} error={error} />
    </CheckboxField>
  );
}

/** What stands below a checkbox or a switch. */
export function ToggleNotes({
  description,
  disabledReason,
  error,
}: Pick<FieldProps, 'description' | 'disabledReason' | 'error'>) {
  return (
    <>
      {(description !== undefined || disabledReason !== undefined) && (
        <Text slot="description" className="toggle-note">
          {description}
          {disabledReason !== undefined && (
            <span className="field-reason">
              <Icon name="lock" />
              {disabledReason}
            </span>
          )}
        </Text>
      )}
      {errorsOf(error).length > 0 && (
        <div className="toggle-note">
          <FieldErrors error={error} />
        </div>
      )}
    </>
  );
}
