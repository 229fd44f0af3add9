import { Icon } from './Icon';
import { Toggle, type ToggleProps } from './Toggle';

export interface CheckboxProps extends ToggleProps {
  /** Neither: some of several things are chosen. */
  isIndeterminate?: boolean | undefined;
}

/** A value that is true or not, and takes effect with the rest of a form. */
export function Checkbox({ isIndeterminate = false, ...toggle }: CheckboxProps) {
  return (
    <Toggle
      toggle={toggle}
      isIndeterminate={isIndeterminate}
      className="toggle-check"
      mark={<Icon name={isIndeterminate ? 'minus' : 'check'} />}
    />
  );
}
