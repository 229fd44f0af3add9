import { Button } from 'react-aria-components/Button';
import { useMessages } from '../../messages/Messages';
import { Menu, type MenuEntry } from '../../ui/Menu';
import { movesOf } from './order';
import { usePipeline } from './pipelineContext';
import './StepControls.css';

/** What can be done with a step, by a pointer without dragging. */
export function StepMenu({ id, name }: { id: string; name: string }) {
  const t = useMessages();
  const { readOnly, shown, actions, view } = usePipeline();
  const disabledReason = readOnly ?? undefined;

  const items = (): MenuEntry[] => {
    const moves = movesOf(shown, new Set([id]));
    const move = (to: (typeof moves)['first']) => ({
      disabledReason,
      isDisabled: to === null,
      onAction: () => to !== null && actions.move([id], to),
    });
    const isBoard = view === 'board';
    return [
      { id: 'edit', label: t.board.edit, icon: 'edit', shortcut: 'e', onAction: () => actions.open(id) },
      { id: 'duplicate', label: t.board.duplicate, icon: 'copy', shortcut: 'd', disabledReason, onAction: () => actions.duplicate(id) },
      { id: 'before', label: t.board.newBefore, icon: 'add', disabledReason, onAction: () => actions.create({ before: id }) },
      { id: 'after', label: t.board.newAfter, icon: 'add', shortcut: 'n', disabledReason, onAction: () => actions.create({ after: id }) },
      '-',
      { id: 'first', label: t.board.moveFirst, ...move(moves.first) },
      { id: 'left', label: isBoard ? t.board.moveLeft : t.board.moveUp, shortcut: '[', ...move(moves.left) },
      { id: 'right', label: isBoard ? t.board.moveRight : t.board.moveDown, shortcut: ']', ...move(moves.right) },
      { id: 'last', label: t.board.moveLast, ...move(moves.last) },
      { id: 'move', label: t.board.moveTo, disabledReason, onAction: () => actions.askMove([id]) },
      '-',
      { id: 'link', label: t.board.copyLink, icon: 'link', onAction: () => actions.copyLink(id) },
      { id: 'delete', label: t.board.deleteEllipsis, icon: 'delete', isDanger: true, disabledReason, onAction: () => actions.askDelete([id]) },
    ];
  };

  return (
    <Menu
      label={t.board.menuOf(name)}
      items={items}
      trigger={(
        <Button className="button button-quiet button-sm icon-button step-menu" aria-label={t.board.menuOf(name)} />
      )}
    />
  );
}
