import { useCallback, useEffect, useEffectEvent } from 'react';
import { useFormat, useMessages } from '../../messages/Messages';
import { ComboField, type ComboItem, type ComboLoad } from '../../ui/ComboField';
import { IconButton } from '../../ui/IconButton';
import { Picker } from '../../ui/Picker';
import { TextField } from '../../ui/TextField';
import { eventPart, type DraftErrors, type DraftEvent } from './draft';
import { DurationField } from './DurationField';
import { EVENT_KINDS, type EventKind } from './settings';
import type { Directory } from './useDirectory';

/** So many steps are offered at once; typing finds the others. */
const OFFERED_STEPS = 50;

/** One event of the form. */
export function EventRow({
  event,
  number,
  directory,
  errors,
  isNew,
  onChange,
  onRemove,
}: {
  event: DraftEvent;
  /** From 1. */
  number: number;
  directory: Directory;
  errors: DraftErrors;
  /** Whether it takes the focus. */
  isNew: boolean;
  onChange: (event: DraftEvent) => void;
  onRemove: () => void;
}) {
  const t = useMessages();
  const format = useFormat();
  const { kind } = event;
  const written = format.number(number);
  const first = eventPart(event, kind === 'leave' ? 'at' : 'value');
  const focusFirst = useEffectEvent(() => document.getElementById(first)?.focus());
  useEffect(() => {
    if (!isNew) return undefined;
    // Not before the menu that it was chosen from has given the focus back.
    const frame = requestAnimationFrame(() => focusFirst());
    return () => cancelAnimationFrame(frame);
  }, [isNew]);
  return (
    <li className="event-row">
      <fieldset className="event-row-fields">
        <legend className="event-row-legend">{t.simulate.event(written)}</legend>
        <Picker<EventKind>
          label={t.simulate.kind}
          isLabelHidden
          value={kind}
          items={EVENT_KINDS.map((id) => ({ id, label: t.simulate.kinds[id] }))}
          onChange={(next) =>
            onChange({ ...event, kind: next, value: isAboutStep(kind) && isAboutStep(next) ? event.value : '' })
          }
        />
        {kind === 'message' && (
          <TextField
            id={eventPart(event, 'value')}
            label={t.simulate.text}
            isLabelHidden
            placeholder={t.simulate.text}
            value={event.value}
            onChange={(value) => onChange({ ...event, value })}
            error={errors.get(eventPart(event, 'value'))}
          />
        )}
        {isAboutStep(kind) && (
          <StepField
            key={kind}
            id={eventPart(event, 'value')}
            directory={directory}
            isTrigger={kind === 'trigger'}
            stepId={event.value}
            onChange={(value) => onChange({ ...event, value })}
            error={errors.get(eventPart(event, 'value'))}
          />
        )}
        <DurationField
          id={eventPart(event, 'at')}
          label={t.simulate.at}
          seconds={event.at}
          onChange={(at) => onChange({ ...event, at })}
          error={errors.get(eventPart(event, 'at'))}
        />
      </fieldset>
      <IconButton icon="delete" size="sm" label={t.simulate.removeEvent(written)} onPress={onRemove} />
    </li>
  );
}

function isAboutStep(kind: EventKind): boolean {
  return kind === 'trigger' || kind === 'move';
}

/** Chooses a step by its name: of all, or of those that have a trigger that is evaluated. */
function StepField({
  id,
  directory,
  isTrigger,
  stepId,
  onChange,
  error,
}: {
  id: string;
  directory: Directory;
  isTrigger: boolean;
  stepId: string;
  onChange: (stepId: string) => void;
  error: readonly string[] | undefined;
}) {
  const t = useMessages();
  const format = useFormat();
  const load = useCallback<ComboLoad>(
    async ({ text, cursor = '0' }) => {
      const found: ComboItem[] = directory.steps.flatMap(({ id, name, hasTrigger }, index) => {
        if (id === '' || (isTrigger && (index === 0 || !hasTrigger))) return [];
        const label = `${format.number(index + 1)} ${name}`;
        return label.toLocaleLowerCase().includes(text.toLocaleLowerCase()) ? [{ id, label }] : [];
      });
      const start = Number(cursor);
      const end = start + OFFERED_STEPS;
      return { items: found.slice(start, end), cursor: end < found.length ? String(end) : undefined };
    },
    [directory, format, isTrigger],
  );
  const index = directory.indexOf(stepId);
  const label =
    index === undefined ? t.simulate.unknownStep : `${format.number(index + 1)} ${directory.steps[index]?.name ?? ''}`;
  return (
    <ComboField
      id={id}
      label={t.simulate.step}
      isLabelHidden
      placeholder={t.simulate.step}
      value={stepId === '' ? null : { id: stepId, label }}
      onChange={(item) => onChange(item?.id ?? '')}
      load={load}
      error={error}
    />
  );
}
