import { useMessages } from '../messages/Messages';
import { IconButton } from '../ui/IconButton';
import { useShortcut } from './shortcuts';
import { useUndo } from './undo';

/** Undo and redo of the commands around it, as buttons and keys. */
export function UndoButtons() {
  const t = useMessages();
  const { undo, redo, canUndo, canRedo, undoLabel, redoLabel } = useUndo();
  const undoText = undoLabel === null ? t.undo.undo : t.undo.undoOf(undoLabel);
  const redoText = redoLabel === null ? t.undo.redo : t.undo.redoOf(redoLabel);
  // The keys also act while a command is on its way, which is not listed yet: undo waits for it.
  useShortcut({ keys: 'mod+z', label: undoText, run: undo, isHidden: !canUndo });
  useShortcut({ keys: 'mod+shift+z', label: redoText, run: redo, isHidden: !canRedo });
  return (
    <>
      <IconButton
        icon="undo"
        label={undoText}
        shortcut="mod+z"
        isDisabled={!canUndo}
        disabledReason={t.undo.nothing}
        onPress={undo}
      />
      <IconButton icon="redo" label={redoText} shortcut="mod+shift+z" isDisabled={!canRedo} onPress={redo} />
    </>
  );
}
