// Notices that a connection is dead without having been closed, for example after a computer slept. The
// service sends something every 20 seconds, if only a ping.

/** Longer than two pings. */
export const SILENCE_MAX = 45_000;

/** Calls `onSilence` when `heard` has not been called for this time; not after `stop`. */
export function silence(onSilence: () => void, limit: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  const heard = () => {
    stop();
    timer = setTimeout(onSilence, limit);
  };
  return { heard, stop };
}

/** `fetch`, whose response fails when nothing comes for this time. */
export async function fetchWhileHeard(url: string, init: RequestInit, limit: number) {
  const silent = new AbortController();
  const { heard, stop } = silence(() => silent.abort(), limit);
  init.signal?.addEventListener("abort", () => silent.abort());
  heard();
  try {
    const response = await fetch(url, { ...init, signal: silent.signal });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, output) {
        heard();
        output.enqueue(chunk);
      },
    });
    response.body?.pipeTo(writable).then(stop, stop);
    return new Response(readable, response);
  } catch (problem) {
    stop();
    throw problem;
  }
}
