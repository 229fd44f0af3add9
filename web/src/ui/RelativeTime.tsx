import { useSyncExternalStore } from 'react';
import { useFormat } from '../messages/Messages';

const MINUTE_MS = 60_000;

/** "3 minutes ago", kept up to date; the exact time is in the tooltip and for machines. */
export function RelativeTime({ at }: { at: string }) {
  const format = useFormat();
  useSyncExternalStore(everyMinute, minute);
  return (
    <time dateTime={at} title={format.dateTime(at)}>
      {format.ago(at)}
    </time>
  );
}

// One timer for all of them.
const listeners = new Set<() => void>();
let timer: number | undefined;

function everyMinute(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    for (const tell of listeners) tell();
  }, MINUTE_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

function minute(): number {
  return Math.floor(Date.now() / MINUTE_MS);
}
