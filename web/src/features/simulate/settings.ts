// What is simulated, and how the address says it, so that a link shows the same simulation to somebody else.

export const CHANNELS = ['WHATSAPP', 'ZAPI', 'OTHER'] as const;
export type Channel = (typeof CHANNELS)[number];

export const EVENT_KINDS = ['message', 'trigger', 'move', 'leave'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Something that happens to the conversation from outside. */
export interface SimulatedEvent {
  /** The seconds since the start. */
  at: number;
  kind: EventKind;
  /** Of `message`: what the customer writes. Of `trigger` and `move`: the id of the step. Of `leave`: empty. */
  value: string;
}

export interface Settings {
  /** RFC 3339, in UTC. */
  startAt: string;
  channel: Channel;
  seed: number;
  untilSeconds: number;
  /** By time; of one time, in the order in which they happen. */
  events: readonly SimulatedEvent[];
  /** The open conversations of people, by the id of the membership; the others have none. */
  open: ReadonlyMap<string, number>;
}

/** Where a link begins: how many moments of the result are shown; null before the simulation is run. */
export interface SimulationAddress {
  settings: Settings;
  shown: number | 'all' | null;
}

/** The values that the API itself takes when they are not given. */
export const DEFAULTS: Settings = {
  startAt: '2026-01-05T12:00:00Z',
  channel: 'WHATSAPP',
  seed: 0,
  untilSeconds: 30 * 86_400,
  events: [],
  open: new Map(),
};

/** Between the parts of an event; what is written behind the second may have it too. */
const SEPARATOR = '.';

/** Reads an address. What it does not understand is left at its default, so that an old or damaged link opens. */
export function readAddress(search: URLSearchParams): SimulationAddress {
  const channel = search.get('channel');
  const shown = search.get('shown');
  return {
    settings: {
      startAt: readTime(search.get('start')) ?? DEFAULTS.startAt,
      channel: CHANNELS.find((known) => known === channel) ?? DEFAULTS.channel,
      seed: readInteger(search.get('seed'), -(2 ** 31)) ?? DEFAULTS.seed,
      untilSeconds: readInteger(search.get('until')) ?? DEFAULTS.untilSeconds,
      events: sorted(search.getAll('event').flatMap(readEvent)),
      open: new Map(search.getAll('open').flatMap(readOpen)),
    },
    shown: shown === 'all' ? 'all' : readInteger(shown),
  };
}

/** Writes an address; what has its default is left out. */
export function writeAddress({ settings, shown }: SimulationAddress): URLSearchParams {
  const search = new URLSearchParams();
  if (settings.startAt !== DEFAULTS.startAt) search.set('start', settings.startAt);
  if (settings.channel !== DEFAULTS.channel) search.set('channel', settings.channel);
  if (settings.seed !== DEFAULTS.seed) search.set('seed', String(settings.seed));
  if (settings.untilSeconds !== DEFAULTS.untilSeconds) search.set('until', String(settings.untilSeconds));
  for (const { at, kind, value } of settings.events) search.append('event', [at, kind, value].join(SEPARATOR));
  for (const [membershipId, count] of settings.open) search.append('open', membershipId + SEPARATOR + count);
  if (shown !== null) search.set('shown', String(shown));
  return search;
}

/** The events by time; of one time, in the order in which they were. */
export function sorted(events: readonly SimulatedEvent[]): SimulatedEvent[] {
  return [...events].sort((a, b) => a.at - b.at);
}

/** An event as the API takes it. */
interface EventInput {
  afterSeconds: number;
  customerMessage?: string;
  triggerMet?: string;
  moveTo?: string;
  leave?: boolean;
}

/**
 * The events as the API takes them: each with the seconds since the one before it, and its step by its index.
 * `indexOf` gives the index of a step's id; the API rejects the empty text of a step that is not there any more.
 */
export function eventInputs(
  events: readonly SimulatedEvent[],
  indexOf: (stepId: string) => number | undefined,
): EventInput[] {
  let before = 0;
  return events.map(({ at, kind, value }) => {
    const afterSeconds = at - before;
    before = at;
    const step = String(indexOf(value) ?? '');
    switch (kind) {
      case 'message':
        return { afterSeconds, customerMessage: value };
      case 'trigger':
        return { afterSeconds, triggerMet: step };
      case 'move':
        return { afterSeconds, moveTo: step };
      case 'leave':
        return { afterSeconds, leave: true };
    }
  });
}

function readEvent(text: string): SimulatedEvent[] {
  const [seconds = '', kindName = '', ...rest] = text.split(SEPARATOR);
  const at = readInteger(seconds);
  const kind = EVENT_KINDS.find((known) => known === kindName);
  return at === null || kind === undefined ? [] : [{ at, kind, value: rest.join(SEPARATOR) }];
}

function readOpen(text: string): [string, number][] {
  const [membershipId = '', count = ''] = text.split(SEPARATOR);
  const read = readInteger(count);
  return membershipId === '' || read === null ? [] : [[membershipId, read]];
}

/** A whole number that GraphQL's Int can have, from `min`. */
function readInteger(text: string | null, min = 0): number | null {
  if (text === null || !/^-?\d{1,10}$/.test(text)) return null;
  const value = Number(text);
  return value >= min && value < 2 ** 31 ? value : null;
}

function readTime(text: string | null): string | null {
  return text !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(text) && !Number.isNaN(Date.parse(text))
    ? text
    : null;
}
