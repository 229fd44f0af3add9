import type { Language } from './language';

/** What writes values that are no sentences. Times are in the time zone of the browser. */
export interface Format {
  /** 20,000 · 20.000 */
  number(value: number): string;
  /** Nov 27, 2026 */
  date(at: string | number | Date): string;
  /** Nov 27, 2026, 2:05 PM */
  dateTime(at: string | number | Date): string;
  /** 2:05 PM */
  time(at: string | number | Date): string;
  /** now · 3 minutes ago · yesterday; after 30 days the date */
  ago(at: string | number | Date, now?: number): string;
  /** 36 h · 1 d 12 h — for tiles and timelines */
  duration(seconds: number): string;
  /** 36 hours · 1 day, 12 hours — for sentences */
  durationInWords(seconds: number): string;
  /** Ana, Bruno, and Carla */
  list(items: Iterable<string>, kind?: 'and' | 'or'): string;
  /** 8 KiB, 512 bytes */
  bytes(count: number): string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = [
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
  ['second', 1],
] as const;

/** The format of a language. The pseudo-locale writes as English does, in ⟦ ⟧. */
export function formatFor(language: Language): Format {
  const locale = language === 'pt-BR' ? 'pt-BR' : 'en-US';
  const numbers = new Intl.NumberFormat(locale);
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const datesAndTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const all = new Intl.ListFormat(locale, { type: 'conjunction' });
  const either = new Intl.ListFormat(locale, { type: 'disjunction' });
  const words = new Intl.ListFormat(locale, { type: 'unit', style: 'long' });

  const quantity = (value: number, unit: string, unitDisplay: 'narrow' | 'long') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay }).format(value);

  const plain: Format = {
    number: (value) => numbers.format(value),
    date: (at) => dates.format(new Date(at)),
    dateTime: (at) => datesAndTimes.format(new Date(at)),
    time: (at) => times.format(new Date(at)),
    ago(at, now = Date.now()) {
      const seconds = Math.round((new Date(at).getTime() - now) / 1000);
      const of = (size: number) => Math.round(seconds / size);
      const [minutes, hours, days] = [of(MINUTE), of(HOUR), of(DAY)];
      if (Math.abs(seconds) < 45) return relative.format(0, 'second');
      if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
      if (Math.abs(hours) < 24) return relative.format(hours, 'hour');
      if (Math.abs(days) <= 30) return relative.format(days, 'day');
      return dates.format(new Date(at));
    },
    duration: (seconds) =>
      partsOf(seconds)
        .map(([value, unit]) => shortQuantity(numbers, value, unit))
        .join(' '),
    durationInWords: (seconds) => words.format(partsOf(seconds).map(([value, unit]) => quantity(value, unit, 'long'))),
    list: (items, kind = 'and') => (kind === 'and' ? all : either).format(items),
    bytes: (count) =>
      count % 1024 === 0 && count > 0 ? `${numbers.format(count / 1024)} KiB` : quantity(count, 'byte', 'long'),
  };
  return language === 'en-XA' ? inBrackets(plain) : plain;
}

/** The largest units that are not zero: 90,000 seconds are 1 day and 1 hour. A whole number of hours below 3 days stays hours. */
function partsOf(seconds: number): [value: number, unit: string][] {
  if (seconds % HOUR === 0 && seconds < 3 * DAY && seconds % DAY !== 0) return [[seconds / HOUR, 'hour']];
  const parts: [number, string][] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [unit, size] of UNITS) {
    const value = Math.floor(rest / size);
    rest -= value * size;
    if (value > 0) parts.push([value, unit]);
  }
  return parts.length > 0 ? parts : [[0, 'second']];
}

/** d, h, min and s are the same in both languages; a space between number and unit does not break. */
function shortQuantity(numbers: Intl.NumberFormat, value: number, unit: string): string {
  const symbol = unit === 'day' ? 'd' : unit === 'hour' ? 'h' : unit === 'minute' ? 'min' : 's';
  return `${numbers.format(value)}\u00a0${symbol}`;
}

function inBrackets(format: Format): Format {
  return {
    number: (value) => format.number(value),
    date: (at) => `⟦${format.date(at)}⟧`,
    dateTime: (at) => `⟦${format.dateTime(at)}⟧`,
    time: (at) => `⟦${format.time(at)}⟧`,
    ago: (at, now) => `⟦${format.ago(at, now)}⟧`,
    duration: (seconds) => `⟦${format.duration(seconds)}⟧`,
    durationInWords: (seconds) => `⟦${format.durationInWords(seconds)}⟧`,
    list: (items, kind) => `⟦${format.list(items, kind)}⟧`,
    bytes: (count) => `⟦${format.bytes(count)}⟧`,
  };
}
