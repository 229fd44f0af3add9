import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ButtonSize, ButtonVariant } from './Button';
import { Icon, type IconName } from './Icon';
import './Button.css';

export interface LinkButtonProps {
  /** An address of the console, from `paths`; or, with `isOutside`, of another document. */
  href: string;
  children: ReactNode;
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  icon?: IconName | undefined;
  iconAfter?: IconName | undefined;
  /** Whether the browser loads another document instead of the router showing another screen. */
  isOutside?: boolean | undefined;
  /** The name of the file to save; makes it a download. */
  download?: string | undefined;
  className?: string | undefined;
}

/** A link that looks like a button: it leads somewhere, and opens in a new tab where the browser is told so. */
export function LinkButton({
  href,
  children,
  variant = 'plain',
  size = 'md',
  icon,
  iconAfter,
  isOutside = false,
  download,
  className,
}: LinkButtonProps) {
  const props = {
    className: `button link-button button-${variant} button-${size}${className === undefined ? '' : ` ${className}`}`,
  };
  const content = (
    <span className="button-content">
      {icon !== undefined && <Icon name={icon} />}
      <span className="button-text">{children}</span>
      {iconAfter !== undefined && <Icon name={iconAfter} />}
    </span>
  );
  if (isOutside || download !== undefined)
    return (
      <a href={href} download={download} {...props}>
        {content}
      </a>
    );
  return (
    <Link href={href} {...props}>
      {content}
    </Link>
  );
}
