import type { ReactNode } from 'react';
import './VisuallyHidden.css';

/** Text for assistive technology alone. */
export function VisuallyHidden({
  children,
  id,
  isData = false,
}: {
  children: ReactNode;
  id?: string;
  isData?: boolean;
}) {
  return (
    <span id={id} className="visually-hidden" translate={isData ? 'no' : undefined}>
      {children}
    </span>
  );
}
