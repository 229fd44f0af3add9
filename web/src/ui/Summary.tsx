import { useEffect, useRef } from 'react';
import { useMessages } from '../messages/Messages';
import { Icon } from './Icon';
import './Summary.css';

export interface SummaryItem {
  id: string;
  /** The label of the field, where the error belongs to one that is visible. */
  label?: string | undefined;
  sentence: string;
  /** Moves the focus to the field. */
  onGo?: (() => void) | undefined;
}

export interface SummaryProps {
  items: readonly SummaryItem[];
  /** Changes with each attempt to save: the summary takes the focus then. */
  attempt: number;
  title?: string | undefined;
}

/** All that keeps a form from being saved, on top of it; takes the focus, so that it is read. */
export function Summary({ items, attempt, title }: SummaryProps) {
  const t = useMessages();
  const box = useRef<HTMLDivElement>(null);
  const isThere = items.length > 0;
  useEffect(() => {
    if (isThere && attempt > 0) box.current?.focus();
  }, [attempt, isThere]);
  if (!isThere) return null;
  return (
    <div
      ref={box}
      className="summary"
      role="group"
      aria-label={title ?? t.ui.thingsToCorrect(items.length)}
      tabIndex={-1}
    >
      <p className="summary-title">
        <Icon name="error" />
        {title ?? t.ui.thingsToCorrect(items.length)}
      </p>
      <ul className="summary-list">
        {items.map(({ id, label, sentence, onGo }) => (
          <li key={id}>
            {label !== undefined && onGo !== undefined ? (
              <button type="button" className="summary-link" onClick={onGo}>
                {label}
              </button>
            ) : (
              label !== undefined && <strong>{label}</strong>
            )}
            <span>{sentence}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
