import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Picker } from '../../ui/Picker';
import { Summary } from '../../ui/Summary';
import { DateTimeField } from './DateTimeField';
import { labelOfPart, newEvent, type Draft, type DraftErrors, type DraftEvent } from './draft';
import { EventRow } from './EventRow';
import { MoreSettings } from './MoreSettings';
import { CHANNELS, type Channel } from './settings';
import type { Directory } from './useDirectory';
import './SettingsForm.css';

export interface SettingsFormProps {
  draft: Draft;
  directory: Directory;
  errors: DraftErrors;
  /** Rises with each run that is refused: the summary of what is wrong takes the focus then. */
  attempt: number;
  /** The key of the event that was added last: it takes the focus. */
  newKey: number | null;
  onChange: (draft: Draft) => void;
  onAdd: (event: DraftEvent) => void;
}

/** What is simulated: when, where, and what happens from outside. */
export function SettingsForm({ draft, directory, errors, attempt, newKey, onChange, onAdd }: SettingsFormProps) {
  const t = useMessages();
  const format = useFormat();
  const change = (part: Partial<Draft>) => onChange({ ...draft, ...part });
  const last = draft.events.at(-1)?.at ?? 0;
  const summary = [...errors].flatMap(([part, sentences]) =>
    sentences.map((sentence) => ({
      id: part + sentence,
      label: labelOfPart(t.simulate, format, draft, part),
      sentence,
      onGo: () => document.getElementById(part)?.focus(),
    })),
  );
  return (
    <div className="simulation-settings">
      <Summary items={summary} attempt={attempt} />
      <DateTimeField
        id="startAt"
        label={t.simulate.start}
        description={t.simulate.startDescription}
        value={draft.startAt}
        onChange={(startAt) => change({ startAt })}
        error={errors.get('startAt')}
      />
      <Picker<Channel>
        label={t.simulate.channel}
        description={t.simulate.channelDescription}
        value={draft.channel}
        items={CHANNELS.map((id) => ({ id, label: t.values.channel[id] }))}
        onChange={(channel) => change({ channel })}
      />
      <section className="simulation-events" aria-labelledby="simulation-events">
        <h2 id="simulation-events">{t.simulate.events}</h2>
        {draft.events.length === 0 && <p className="simulation-note">{t.simulate.noEvents}</p>}
        <ol>
          {draft.events.map((event, index) => (
            <EventRow
              key={event.key}
              event={event}
              number={index + 1}
              directory={directory}
              errors={errors}
              isNew={event.key === newKey}
              onChange={(next) => change({ events: draft.events.map((other) => (other === event ? next : other)) })}
              onRemove={() => change({ events: draft.events.filter((other) => other !== event) })}
            />
          ))}
        </ol>
        <Button icon="add" size="sm" onPress={() => onAdd(newEvent(Number.isNaN(last) ? 0 : last, 'message'))}>
          {t.simulate.addEvent}
        </Button>
      </section>
      <MoreSettings draft={draft} directory={directory} errors={errors} onChange={change} />
    </div>
  );
}
