import { useState } from 'react';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { Menu } from '../../ui/Menu';
import { VisuallyHidden } from '../../ui/VisuallyHidden';
import { entryInWords, momentInWords, stepName, type EntryInWords, type TimelineEntry, type Words } from './entryWords';
import type { Moment } from './moments';
import { EVENT_KINDS, type EventKind } from './settings';
import './Timeline.css';

/** A timeline can have a thousand entries; so many moments are drawn at first, and with each press of "Show more". */
const PAGE = 40;

export interface TimedEntry extends TimelineEntry {
  readonly at: string;
}

export interface TimelineProps {
  words: Words;
  /** Those that are to be shown. */
  moments: readonly Moment<TimedEntry>[];
  /** How many there are in all. */
  total: number;
  /** The index of the moment at which the picture shows the conversation. */
  current: number;
  onChoose: (index: number) => void;
  onAddEvent: (at: number, kind: EventKind) => void;
  /** How it ends; null while moments are still to come. */
  end: { reason: string; stepIndex: number | null | undefined } | null;
}

/** What happened, moment by moment. */
export function Timeline({ words, moments, total, current, onChoose, onAddEvent, end }: TimelineProps) {
  const { format } = words;
  const t = words.t.simulate;
  const [room, setRoom] = useState(PAGE);
  // What is lit is always drawn.
  const drawn = moments.slice(0, Math.max(room, current + 1));
  const rest = moments.length - drawn.length;
  return (
    <>
      <p className="timeline-count" role="status">
        {t.shownMoments(format.number(moments.length), format.number(total))}
      </p>
      <ol className="timeline" aria-label={t.timeline}>
        {drawn.map((moment, index) => (
          <MomentItem
            key={index}
            words={words}
            moment={moment}
            isCurrent={index === current}
            onChoose={() => onChoose(index)}
            onAddEvent={(kind) => onAddEvent(moment.elapsedSeconds, kind)}
          />
        ))}
      </ol>
      {rest > 0 && (
        <Button onPress={() => setRoom(drawn.length + PAGE)}>{t.showMore(format.number(Math.min(rest, PAGE)))}</Button>
      )}
      {rest === 0 && end !== null && (
        <p className="timeline-end">
          <Icon name="stop" />
          {endInWords(words, end)}
        </p>
      )}
    </>
  );
}

function MomentItem({
  words,
  moment,
  isCurrent,
  onChoose,
  onAddEvent,
}: {
  words: Words;
  moment: Moment<TimedEntry>;
  isCurrent: boolean;
  onChoose: () => void;
  onAddEvent: (kind: EventKind) => void;
}) {
  const t = useMessages();
  const format = useFormat();
  const time = format.duration(moment.elapsedSeconds);
  return (
    <li className="moment" aria-current={isCurrent ? 'step' : undefined}>
      <button type="button" className="moment-time" onClick={onChoose}>
        <span>{time}</span>
        <time dateTime={moment.first.at} className="moment-clock">
          {format.dateTime(moment.first.at)}
        </time>
        <VisuallyHidden>{t.simulate.light}</VisuallyHidden>
      </button>
      <div className="moment-entries">
        <EntryLine entry={momentInWords(words, moment)} isFirst />
        {moment.effects.length > 0 && (
          <ul className="moment-effects">
            {moment.effects.map((effect, index) => (
              <li key={index}>
                <EntryLine entry={entryInWords(words, effect)} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <Menu
        trigger={<IconButton icon="add" size="sm" label={t.simulate.addEventAt(time)} />}
        label={t.simulate.addEventHere}
        items={() =>
          EVENT_KINDS.map((kind) => ({ id: kind, label: t.simulate.kinds[kind], onAction: () => onAddEvent(kind) }))
        }
      />
    </li>
  );
}

function EntryLine({ entry, isFirst = false }: { entry: EntryInWords; isFirst?: boolean }) {
  return (
    <p className="entry-line" data-first={isFirst || undefined} data-refusal={entry.isRefusal || undefined}>
      <Icon name={entry.icon} />
      <span>
        {entry.text}
        {entry.note !== undefined && <span className="entry-note">{entry.note}</span>}
      </span>
    </p>
  );
}

function endInWords(words: Words, end: { reason: string; stepIndex: number | null | undefined }): string {
  const { ends } = words.t.simulate;
  const sentences: Partial<Record<string, string | ((step: string) => string)>> = ends;
  const sentence = sentences[end.reason] ?? ends.WAITING;
  return typeof sentence === 'function' ? sentence(stepName(words, end.stepIndex ?? null)) : sentence;
}
