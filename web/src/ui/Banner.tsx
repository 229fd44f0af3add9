import type { ReactNode } from 'react';
import { useMessages } from '../messages/Messages';
import { Icon, type IconName } from './Icon';
import { IconButton } from './IconButton';
import './Banner.css';

export type BannerTone = 'info' | 'warning' | 'danger' | 'success';

export interface BannerProps {
  tone?: BannerTone | undefined;
  icon?: IconName | undefined;
  title?: string | undefined;
  children?: ReactNode;
  actions?: ReactNode;
  onClose?: (() => void) | undefined;
  /** `alert` is said at once, `status` at the next pause, `none` is part of the page. */
  announced?: 'alert' | 'status' | 'none' | undefined;
}

const icons: Record<BannerTone, IconName> = { info: 'info', warning: 'alert', danger: 'error', success: 'check' };

/** A sentence about the whole screen or the whole part in which it stands. */
export function Banner({ tone = 'info', icon, title, children, actions, onClose, announced = 'status' }: BannerProps) {
  const t = useMessages();
  return (
    <div className={`banner banner-${tone}`} role={announced === 'none' ? undefined : announced}>
      <Icon name={icon ?? icons[tone]} />
      <div className="banner-content">
        <div className="banner-text">
          {title !== undefined && <strong>{title}</strong>}
          {children !== undefined && <div>{children}</div>}
        </div>
        {actions !== undefined && <div className="banner-actions">{actions}</div>}
      </div>
      {onClose !== undefined && <IconButton icon="close" size="sm" label={t.ui.close} onPress={onClose} />}
    </div>
  );
}
