import { initialsOf } from './initials';
import './Avatar.css';

/** The initials of a person or an agent, beside the name. Pictures would be loaded from foreign hosts. */
export function Avatar({
  name,
  isAgent = false,
  size = 'md',
}: {
  name: string;
  isAgent?: boolean;
  size?: 'sm' | 'md';
}) {
  return (
    <span className={`avatar avatar-${size}${isAgent ? ' avatar-agent' : ''}`} aria-hidden="true" translate="no">
      {initialsOf(name)}
    </span>
  );
}
