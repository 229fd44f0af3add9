import { useState } from 'react';
import { useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { ComboField, type ComboItem, type ComboLoad } from '../../ui/ComboField';
import { Dialog } from '../../ui/Dialog';
import { Segmented } from '../../ui/Segmented';
import { folded } from './filter';
import type { Placement } from './order';
import { usePipeline } from './pipelineContext';
import './dialogs.css';

type Where = 'first' | 'before' | 'after' | 'last';

/** As many steps as the list of the field gets at once. */
const PAGE = 50;

export interface MoveStepsDialogProps {
  ids: readonly string[];
  onMove: (to: Placement) => void;
  onClose: () => void;
}

/** Moves steps to a place that is far away, without dragging. */
export default function MoveStepsDialog({ ids, onMove, onClose }: MoveStepsDialogProps) {
  const t = useMessages();
  const pipeline = usePipeline();
  const [where, setWhere] = useState<Where>('before');
  const [beside, setBeside] = useState<ComboItem | null>(null);
  const moved = new Set(ids);
  const needsStep = where === 'before' || where === 'after';

  const load: ComboLoad = ({ text, cursor }) => {
    const wanted = folded(text.trim());
    const from = Number(cursor ?? 0);
    const all = pipeline.ids.flatMap((id, at) => {
      const name = pipeline.steps.get(id)?.name;
      if (name === undefined || moved.has(id)) return [];
      const label = t.board.numbered(at + 1, name);
      return folded(label).includes(wanted) ? [{ id, label }] : [];
    });
    const next = from + PAGE;
    return Promise.resolve({
      items: all.slice(from, next),
      ...(next < all.length && { cursor: String(next) }),
    });
  };
  const placement = (): Placement | null => {
    if (where === 'first') return { first: true };
    if (where === 'last') return { last: true };
    if (beside === null) return null;
    return where === 'before' ? { before: beside.id } : { after: beside.id };
  };
  const to = placement();

  return (
    <Dialog
      title={t.board.moveTitle(ids.length)}
      size="sm"
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.ui.cancel}</Button>
          <Button variant="primary" isDisabled={to === null} onPress={() => to !== null && onMove(to)}>
            {t.board.moveConfirm}
          </Button>
        </>
      }
    >
      <div className="move-steps">
        <Segmented
          label={t.board.moveWhere}
          value={where}
          onChange={setWhere}
          items={[
            { id: 'first', label: t.board.movePlaceFirst },
            { id: 'before', label: t.board.movePlaceBefore },
            { id: 'after', label: t.board.movePlaceAfter },
            { id: 'last', label: t.board.movePlaceLast },
          ]}
        />
        {needsStep && <ComboField label={t.board.moveStep} value={beside} onChange={setBeside} load={load} autoFocus />}
      </div>
    </Dialog>
  );
}
