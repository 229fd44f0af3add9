import { drawings, filled, type IconName } from './icons';
import './Icon.css';

export type { IconName } from './icons';

/**
 * A drawing beside a text, which says the same: hidden from assistive technology. An icon without a text beside it is
 * an IconButton, or gets `label`.
 */
export function Icon({ name, label, className }: { name: IconName; label?: string; className?: string }) {
  const isArea = name in filled;
  return (
    <svg
      className={`icon${isArea ? ' icon-filled' : ''}${className === undefined ? '' : ` ${className}`}`}
      viewBox="0 0 16 16"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined ? true : undefined}
      focusable="false"
    >
      <path d={drawings[name]} />
    </svg>
  );
}
