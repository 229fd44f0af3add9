import { Button } from 'react-aria-components/Button';
import { useMessages } from '../../messages/Messages';
import { Menu, type MenuAction, type MenuEntry } from '../../ui/Menu';
import type { Placement } from './order';
import type { ShownStep } from './useShownStep';
import './StepControls.css';

export interface StepMenuProps extends Pick<ShownStep, 'readOnly' | 'isBoard' | 'actions'> {
  id: string;
  name: string;
}

/** What can be done with a step, by a pointer without dragging. */
export function StepMenu({ id, name, readOnly, isBoard, actions }: StepMenuProps) {
  const t = useMessages();

  const items = (): MenuEntry[] => {
    const moves = actions.movesOf(id);
    const move = (to: Placement | null) => ({
      isDisabled: to === null,
      onAction: () => {
        if (to !== null) void actions.move([id], to);
      },
    });
    const open: MenuAction = {
      id: 'edit',
      label: readOnly === null ? t.board.edit : t.board.open,
      icon: readOnly === null ? 'edit' : 'info',
      shortcut: 'e',
      onAction: () => actions.open(id),
    };
    const link: MenuAction = {
      id: 'link',
      label: t.board.copyLink,
      icon: 'link',
      onAction: () => void actions.copyLink(id),
    };
    const creating: MenuAction[] = [
      {
        id: 'duplicate',
        label: t.board.duplicate,
        icon: 'copy',
        shortcut: 'd',
        onAction: () => void actions.duplicate(id),
      },
      { id: 'before', label: t.board.newBefore, icon: 'add', onAction: () => actions.create({ before: id }) },
      {
        id: 'after',
        label: t.board.newAfter,
        icon: 'add',
        shortcut: 'n',
        onAction: () => actions.create({ after: id }),
      },
    ];
    const moving: MenuAction[] = [
      { id: 'first', label: t.board.moveFirst, icon: isBoard ? 'chevronLeft' : 'chevronUp', ...move(moves.first) },
      {
        id: 'left',
        label: isBoard ? t.board.moveLeft : t.board.moveUp,
        icon: isBoard ? 'arrowLeft' : 'chevronUp',
        shortcut: '[',
        ...move(moves.left),
      },
      {
        id: 'right',
        label: isBoard ? t.board.moveRight : t.board.moveDown,
        icon: isBoard ? 'arrowRight' : 'chevronDown',
        shortcut: ']',
        ...move(moves.right),
      },
      { id: 'last', label: t.board.moveLast, icon: isBoard ? 'chevronRight' : 'chevronDown', ...move(moves.last) },
      { id: 'move', label: t.board.moveTo, icon: 'list', onAction: () => actions.askMove([id]) },
    ];
    const removing: MenuAction = {
      id: 'delete',
      label: t.board.deleteEllipsis,
      icon: 'delete',
      isDanger: true,
      onAction: () => actions.askDelete([id]),
    };
    if (readOnly === null) return [open, ...creating, '-', ...moving, '-', link, removing];
    // The reason is said once, above all that it holds for.
    const disabled = [...creating, ...moving, removing].map((item) => ({
      ...item,
      isDisabled: true,
      shortcut: undefined,
    }));
    return [open, link, { id: 'read-only', title: readOnly, items: disabled }];
  };

  return (
    <Menu
      label={t.board.menuOf(name)}
      items={items}
      trigger={
        <Button className="button button-quiet button-sm icon-button step-menu" aria-label={t.board.menuOf(name)} />
      }
    />
  );
}
