import type { ReactNode } from 'react';
import { SwitchButton, SwitchField } from 'react-aria-components/Switch';
import { ToggleNotes } from './Checkbox';
import { errorsOf, type FieldProps } from './Field';
import './Toggle.css';

export interface SwitchProps extends Pick<
  FieldProps,
  'description' | 'error' | 'isDisabled' | 'disabledReason' | 'id' | 'name' | 'className'
> {
  /** What is on. */
  children: ReactNode;
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
}

/** Something that is on or off, and changes at once. */
export function Switch(props: SwitchProps) {
  const { children, description, disabledReason, error } = props;
  return (
    <SwitchField
      className={`toggle${props.className === undefined ? '' : ` ${props.className}`}`}
      isSelected={props.isSelected}
      onChange={props.onChange}
      isDisabled={props.isDisabled === true || disabledReason !== undefined}
      isInvalid={errorsOf(error).length > 0}
      validationBehavior="aria"
      name={props.name}
      id={props.id}
    >
      <SwitchButton className="toggle-button">
        <span className="switch-track">
          <span className="switch-thumb" />
        </span>
        <span className="toggle-text">{children}</span>
      </SwitchButton>
      <ToggleNotes description={description} disabledReason={disabledReason} error={error} />
    </SwitchField>
  );
}
