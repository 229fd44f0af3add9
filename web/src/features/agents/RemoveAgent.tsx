import { useMessages } from '../../messages/Messages';
import { RemoveDialog, type RemoveProps } from '../directory/dialogs';
import { useAgentCommands } from './useAgentCommands';

/** Asks before an agent is deleted. */
export default function RemoveAgent(props: RemoveProps) {
  return <RemoveDialog words={useMessages().agents} remove={useAgentCommands().remove} {...props} />;
}
