import { useMessages } from '../../messages/Messages';
import { RemoveDialog } from '../directory/dialogs';
import { usePersonCommands, type Seen } from './usePersonCommands';

interface Props {
  membership: Seen;
  /** The list that it is taken from. */
  connection: string;
  onClose: () => void;
  /** Called when it is gone. */
  onRemoved: () => void;
}

/** Asks before a person is deleted. */
export default function RemovePerson({ membership, connection, onClose, onRemoved }: Props) {
  const t = useMessages();
  const { remove } = usePersonCommands();
  const { id, name } = membership;
  return (
    <RemoveDialog
      id={id}
      name={name}
      title={t.people.removeTitle(name)}
      text={t.people.removeText}
      action={t.people.remove}
      remove={() => remove(membership, connection, onRemoved)}
      onClose={onClose}
    />
  );
}
