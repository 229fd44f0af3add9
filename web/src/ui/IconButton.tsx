import { BaseButton, type ButtonBase } from './Button';
import { Icon, type IconName } from './Icon';
import './IconButton.css';

export interface IconButtonProps extends ButtonBase {
  icon: IconName;
  /** What it does; it is the tooltip, too. */
  label: string;
}

/** A button that shows an icon alone; quiet unless told otherwise. */
export function IconButton({ icon, label, variant = 'quiet', className, ...base }: IconButtonProps) {
  return (
    <BaseButton
      {...base}
      variant={variant}
      label={label}
      className={`icon-button${className === undefined ? '' : ` ${className}`}`}
    >
      <Icon name={icon} />
    </BaseButton>
  );
}
