// The form of a simulation: what it has while it is edited, and what is wrong with it.

import type { Messages } from '../../messages/en';
import { sentenceOf, type UserErrorData } from '../../messages/errors';
import type { Format } from '../../messages/format';
import type { Directory } from './useDirectory';
import { sorted, type EventKind, type Settings, type SimulatedEvent } from './settings';

/** An event with a key of its own, because events are sorted and removed while their fields have a state. */
export interface DraftEvent extends SimulatedEvent {
  key: number;
}

export interface Draft extends Settings {
  events: readonly DraftEvent[];
}

let lastKey = 0;

export function draftOf(settings: Settings): Draft {
  return { ...settings, events: settings.events.map((event) => ({ ...event, key: (lastKey += 1) })) };
}

/** A new event at this time, whose text or step is still to be filled in. */
export function newEvent(at: number, kind: EventKind): DraftEvent {
  return { at, kind, value: '', key: (lastKey += 1) };
}

/** The draft with its events by time. */
export function inOrder(draft: Draft): Draft {
  const byKey = new Map(draft.events.map((event) => [event, event.key]));
  const events = sorted(draft.events).flatMap((event) => {
    const key = byKey.get(event as DraftEvent);
    return key === undefined ? [] : [{ ...event, key }];
  });
  return { ...draft, events };
}

/**
 * What is wrong, by the part of the form, which is also the id of its field: `startAt`, `event-3-value` with the key of
 * the event, `open-` and the id of a membership.
 */
export type DraftErrors = ReadonlyMap<string, readonly string[]>;

/** The part of the form that is a field of an event. */
export function eventPart(event: DraftEvent, field: 'at' | 'value'): string {
  return `event-${event.key}-${field}`;
}

/** The part of the form that is the number of a person's open conversations. */
export function openPart(membershipId: string): string {
  return `open-${membershipId}`;
}

/** What the form calls a part. */
export function labelOfPart(t: Messages['simulate'], format: Format, draft: Draft, part: string): string | undefined {
  const index = draft.events.findIndex(({ key }) => part.startsWith(`event-${key}-`));
  if (index >= 0) return t.event(format.number(index + 1));
  const labels: Readonly<Record<string, string>> = { startAt: t.start, untilSeconds: t.until, seed: t.seed };
  return part.startsWith('open') ? t.open : labels[part];
}

/** What can be seen to be wrong before anything is sent. */
export function errorsOfDraft(t: Messages['simulate'], draft: Draft, directory: Directory): DraftErrors {
  const errors = new Map<string, string[]>();
  const isTime = (seconds: number) => Number.isInteger(seconds) && seconds >= 0;
  if (!isTime(draft.untilSeconds)) errors.set('untilSeconds', [t.timeNeeded]);
  for (const event of draft.events) {
    if (!isTime(event.at)) errors.set(eventPart(event, 'at'), [t.timeNeeded]);
    if (event.kind !== 'trigger' && event.kind !== 'move') continue;
    if (event.value === '') errors.set(eventPart(event, 'value'), [t.stepNeeded]);
    else if (directory.indexOf(event.value) === undefined) errors.set(eventPart(event, 'value'), [t.stepGone]);
  }
  return errors;
}

/** The rules that the service found violated, by the part of the form that was sent. */
export function errorsOfResponse(
  t: Messages,
  format: Format,
  errors: readonly UserErrorData[],
  sent: Draft,
): DraftErrors {
  const found = new Map<string, string[]>();
  for (const error of errors) {
    const part = partOf(error.field, sent);
    found.set(part, [...(found.get(part) ?? []), sentenceOfPart(t, format, part, error)]);
  }
  return found;
}

/** Times are shown in other units than the service has them in. */
function sentenceOfPart(t: Messages, format: Format, part: string, error: UserErrorData): string {
  const max = Number(error.params.find(({ name }) => name === 'max')?.value);
  const isTime = part === 'untilSeconds' || part.endsWith('-at');
  if (!isTime || error.code !== 'OUT_OF_RANGE' || Number.isNaN(max)) return sentenceOf(t, error);
  return t.simulate.timeTooLong(format.durationInWords(max));
}

/** The part of the form for a path like `input.events.3.customerMessage`. */
function partOf([, field = '', position = '', inner = '']: readonly string[], sent: Draft): string {
  if (field === 'events') {
    const event = sent.events[Number(position)];
    if (event !== undefined) return eventPart(event, inner === 'afterSeconds' ? 'at' : 'value');
  }
  if (field === 'openConversations') {
    const membershipId = [...sent.open.keys()][Number(position)];
    if (membershipId !== undefined) return openPart(membershipId);
  }
  return field;
}
