import { useSession } from '../../app/session';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Menu, type MenuAction } from '../../ui/Menu';
import { usePipeline } from './pipelineContext';
import type { CommonValues } from './useUpdateSteps';
import './BulkBar.css';

export interface BulkBarProps {
  onUpdate: (values: CommonValues) => void;
  onSetAgent: () => void;
  onClear: () => void;
}

/** What can be done with all selected steps at once. */
export function BulkBar({ onUpdate, onSetAgent, onClear }: BulkBarProps) {
  const t = useMessages();
  const format = useFormat();
  const { viewer } = useSession();
  const { ids, selected, readOnly, actions } = usePipeline();
  if (selected.size === 0) return null;
  const { maxBatch } = viewer.limits;
  const reason = readOnly ?? (selected.size > maxBatch ? t.board.tooMany(format.number(maxBatch)) : null);
  const disabled = { isDisabled: reason !== null, disabledReason: reason ?? undefined };
  const inOrder = ids.filter((id) => selected.has(id));

  const choices = (field: keyof CommonValues, words: Readonly<Record<string, string>>): MenuAction[] => [
    ...Object.entries(words).map(([id, label]) => ({ id, label, onAction: () => onUpdate({ [field]: id }) })),
    { id: 'leave', label: t.values.leave, onAction: () => onUpdate({ [field]: null }) },
  ];

  return (
    <div className="bulk-bar" role="toolbar" aria-label={t.board.selectionBar}>
      <strong className="bulk-bar-count">{t.board.selectedCount(selected.size)}</strong>
      <Button size="sm" {...disabled} onPress={() => actions.askMove(inOrder)}>{t.board.moveTo}</Button>
      <Button size="sm" {...disabled} onPress={onSetAgent}>{t.board.setAgent}</Button>
      <Menu
        placement="bottom start"
        trigger={<Button size="sm" iconAfter="chevronDown" {...disabled}>{t.board.setStatus}</Button>}
        items={() => choices('defaultStatus', t.values.status)}
      />
      <Menu
        placement="bottom start"
        trigger={<Button size="sm" iconAfter="chevronDown" {...disabled}>{t.board.setPriority}</Button>}
        items={() => choices('defaultPriority', t.values.priority)}
      />
      <Button size="sm" icon="delete" {...disabled} onPress={() => actions.askDelete(inOrder)}>{t.board.deleteEllipsis}</Button>
      {reason !== null && <span className="bulk-bar-reason">{reason}</span>}
      <Button size="sm" variant="quiet" icon="close" className="bulk-bar-clear" onPress={onClear}>{t.board.clearSelection}</Button>
    </div>
  );
}
