import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';
import './State.css';

export interface EmptyStateProps {
  icon?: IconName | undefined;
  /** What would be here. */
  title: string;
  /** What it is good for, or why there is nothing. */
  children?: ReactNode;
  /** The one button that changes it. */
  action?: ReactNode;
}

/** Stands where a list has nothing. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="state">
      {icon !== undefined && (
        <span className="state-icon">
          <Icon name={icon} />
        </span>
      )}
      <h2 className="state-title">{title}</h2>
      {children !== undefined && <div className="state-text">{children}</div>}
      {action !== undefined && <div className="state-actions">{action}</div>}
    </div>
  );
}
