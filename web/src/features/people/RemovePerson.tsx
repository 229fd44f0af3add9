import { useMessages } from '../../messages/Messages';
import { RemoveDialog, type RemoveProps } from '../directory/dialogs';
import { usePersonCommands } from './usePersonCommands';

/** Asks before a person is deleted. */
export default function RemovePerson(props: RemoveProps) {
  return <RemoveDialog words={useMessages().people} remove={usePersonCommands().remove} {...props} />;
}
