import { useSession } from '../../app/session';
import { useAction } from '../../app/shortcuts';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { IconButton } from '../../ui/IconButton';
import { Menu, type MenuAction } from '../../ui/Menu';
import { useEscape } from '../../ui/layer';
import { useMedia } from '../../ui/useMedia';
import { usePipeline } from './pipelineContext';
import type { CommonValues } from './useUpdateSteps';
import './BulkBar.css';

export interface BulkBarProps {
  onClear: () => void;
}

/** Narrower windows have what is set in one menu. */
const NARROW = '(max-width: 48rem)';

/** What can be done with all selected steps at once. */
export default function BulkBar({ onClear }: BulkBarProps) {
  const t = useMessages();
  const format = useFormat();
  const isNarrow = useMedia(NARROW);
  const { viewer } = useSession();
  useEscape(onClear);
  const { ids, selected, readOnly, actions } = usePipeline();
  const { maxBatch } = viewer.limits;
  const reason = readOnly ?? (selected.size > maxBatch ? t.board.tooMany(format.number(maxBatch)) : null);
  const disabled = { isDisabled: reason !== null, disabledReason: reason ?? undefined };
  const inOrder = ids.filter((id) => selected.has(id));

  const askAgent = () => actions.askAgent(inOrder);
  const askDelete = () => actions.askDelete(inOrder);
  const askMove = () => actions.askMove(inOrder);
  const command = { section: t.board.selectedCount(selected.size), isEnabled: reason === null };
  useAction({ ...command, id: 'steps.move', label: t.board.moveTo, run: askMove });
  useAction({ ...command, id: 'steps.agent', label: t.board.setAgent, run: askAgent });
  // In place of the one for a single step.
  useAction({ ...command, id: 'step.delete', label: t.board.deleteEllipsis, shortcut: 'delete', run: askDelete });

  const choices = (field: keyof CommonValues, words: Readonly<Record<string, string>>): MenuAction[] => [
    ...Object.entries(words).map(([id, label]) => ({
      id,
      label,
      onAction: () => void actions.update(inOrder, { [field]: id }),
    })),
    { id: 'leave', label: t.values.leave, onAction: () => void actions.update(inOrder, { [field]: null }) },
  ];
  const statuses = () => choices('defaultStatus', t.values.status);
  const priorities = () => choices('defaultPriority', t.values.priority);
  const menu = (label: string, items: () => MenuAction[]) => (
    <Menu
      placement="bottom start"
      trigger={
        <Button size="sm" iconAfter="chevronDown" {...disabled}>
          {label}
        </Button>
      }
      items={items}
    />
  );

  return (
    <div className="bulk-bar" role="toolbar" aria-label={t.board.selectionBar}>
      <strong className="bulk-bar-count">{t.board.selectedCount(selected.size)}</strong>
      <Button size="sm" {...disabled} onPress={askMove}>
        {t.board.moveTo}
      </Button>
      {isNarrow ? (
        menu(t.board.set, () => [
          { id: 'agent', label: t.board.setAgent, onAction: askAgent },
          { id: 'status', label: t.board.setStatus, items: statuses() },
          { id: 'priority', label: t.board.setPriority, items: priorities() },
        ])
      ) : (
        <>
          <Button size="sm" {...disabled} onPress={askAgent}>
            {t.board.setAgent}
          </Button>
          {menu(t.board.setStatus, statuses)}
          {menu(t.board.setPriority, priorities)}
        </>
      )}
      {isNarrow ? (
        <IconButton
          size="sm"
          icon="delete"
          variant="plain"
          label={t.board.deleteEllipsis}
          {...disabled}
          onPress={askDelete}
        />
      ) : (
        <Button size="sm" {...disabled} onPress={askDelete}>
          {t.board.deleteEllipsis}
        </Button>
      )}
      <IconButton size="sm" icon="close" label={t.board.clearSelection} onPress={onClear} />
      {reason !== null && <span className="bulk-bar-reason">{reason}</span>}
    </div>
  );
}
