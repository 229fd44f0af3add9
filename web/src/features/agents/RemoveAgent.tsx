import { useMessages } from '../../messages/Messages';
import { RemoveDialog } from '../directory/dialogs';
import { useAgentCommands, type Seen } from './useAgentCommands';

interface Props {
  agent: Seen;
  /** The list that it is taken from. */
  connection: string;
  onClose: () => void;
  /** Called when it is gone. */
  onRemoved: () => void;
}

/** Asks before an agent is deleted. */
export default function RemoveAgent({ agent, connection, onClose, onRemoved }: Props) {
  const t = useMessages();
  const { remove } = useAgentCommands();
  const { id, name } = agent;
  return (
    <RemoveDialog
      id={id}
      name={name}
      title={t.agents.removeTitle(name)}
      text={t.agents.removeText}
      action={t.agents.remove}
      remove={() => remove(agent, connection, onRemoved)}
      onClose={onClose}
    />
  );
}
