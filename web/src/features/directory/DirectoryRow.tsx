import { useRef, type ReactNode } from 'react';
import { useSession } from '../../app/session';
import { useMessages } from '../../messages/Messages';
import { Avatar } from '../../ui/Avatar';
import { IconButton } from '../../ui/IconButton';
import { RelativeTime } from '../../ui/RelativeTime';
import { Uses } from './Uses';

export interface DirectoryRowProps {
  id: string;
  name: string;
  isAgent: boolean;
  updatedAt: string;
  /** How many steps use it. */
  usedByCount: number;
  /** What stands below the name. */
  detail?: ReactNode;
  /** What stands beside the number of uses. */
  facts?: ReactNode;
  words: { editOf: (name: string) => string; removeOf: (name: string) => string };
  onEdit: () => void;
  /** Called with what has the focus once the row is gone. */
  onRemove: (next: HTMLElement | null) => void;
}

/** An agent or a person of a list, and what can be done with it. */
export function DirectoryRow(props: DirectoryRowProps) {
  const { id, name, isAgent, updatedAt, usedByCount, detail, facts, words, onEdit, onRemove } = props;
  const t = useMessages();
  const { can } = useSession();
  const row = useRef<HTMLLIElement>(null);
  const disabled = can.write ? {} : { isDisabled: true, disabledReason: t.frame.readOnlyReason };
  return (
    <li ref={row} className="directory-row">
      <Avatar name={name} isAgent={isAgent} />
      <div className="directory-row-text">
        <h2 className="directory-row-name" translate="no">
          {name}
        </h2>
        {detail}
      </div>
      <div className="directory-row-facts">
        {facts}
        <Uses id={id} name={name} count={usedByCount} />
        <span className="directory-row-changed">
          {t.directory.changed} <RelativeTime at={updatedAt} />
        </span>
      </div>
      <div className="directory-row-actions">
        <IconButton icon="edit" label={words.editOf(name)} {...disabled} onPress={onEdit} />
        <IconButton
          icon="delete"
          label={words.removeOf(name)}
          {...disabled}
          onPress={() => onRemove(neighbourOf(row.current))}
        />
      </div>
    </li>
  );
}

/** What has the focus after a deletion: where the person can go on. */
function neighbourOf(row: HTMLElement | null): HTMLElement | null {
  const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
  return neighbour?.querySelector('.directory-row-actions button') ?? document.querySelector('h1');
}
