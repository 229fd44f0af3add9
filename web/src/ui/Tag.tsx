import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';
import './Tag.css';

export type Tone = 'neutral' | 'accent' | 'danger' | 'warning' | 'success';

export interface TagProps {
  children: ReactNode;
  tone?: Tone | undefined;
  icon?: IconName | undefined;
  /** Whether the text is somebody's own word instead of a message. */
  isData?: boolean | undefined;
  className?: string | undefined;
}

/** A word or a number about something, that cannot be operated. */
export function Tag({ children, tone = 'neutral', icon, isData = false, className }: TagProps) {
  return (
    <span
      className={`tag tag-${tone}${className === undefined ? '' : ` ${className}`}`}
      translate={isData ? 'no' : undefined}
    >
      {icon !== undefined && <Icon name={icon} />}
      <span className="tag-text">{children}</span>
    </span>
  );
}
