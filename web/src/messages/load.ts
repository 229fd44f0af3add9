import type { First, Later, Messages } from './en';
import type { Language } from './language';

/** The parts of a language that are loaded: the first one is waited for, the second one follows. */
interface Parts {
  first: () => Promise<First>;
  later: () => Promise<Later>;
}

const parts: Record<Language, Parts> = {
  en: {
    first: async () => (await import('./en')).first,
    later: async () => (await import('./en/later')).later,
  },
  'pt-BR': {
    first: async () => (await import('./pt-BR')).first,
    later: async () => (await import('./pt-BR/later')).later,
  },
  'en-XA': {
    first: async () => pseudoOf((await import('./en')).first),
    later: async () => pseudoOf((await import('./en/later')).later),
  },
};

async function pseudoOf<T>(messages: T): Promise<T> {
  return (await import('./pseudo')).pseudo(messages);
}

/**
 * Loads the messages of one language; the others stay on the server. The promise is kept as soon as there is what a
 * screen shows first. Whatever asks for a later part before it is there waits for it, as for any other part of the
 * page that is loaded: by Suspense. Nothing has to ask for it: it is loaded after `isTime`, too.
 */
export async function loadMessages(language: Language, isTime = Promise.resolve()): Promise<Messages> {
  const first = await parts[language].first();
  return withLater(first, parts[language].later, isTime);
}

/** Exported for its test. */
export function withLater(first: First, load: () => Promise<Later>, isTime: Promise<void>): Messages {
  let later: Later | undefined;
  let loading: Promise<void> | undefined;
  let failure: Error | undefined;
  const start = () => {
    loading ??= load().then(
      (loaded) => {
        later = loaded;
      },
      (cause: unknown) => {
        failure = cause instanceof Error ? cause : new Error(String(cause));
      },
    );
    return loading;
  };
  const forget = () => {
    failure = undefined;
    loading = undefined;
  };
  // If that fails, the next call tries again.
  void isTime.then(start).then(() => later ?? forget());
  const isFirst = (name: string | symbol): name is keyof First => name in first;
  const isLater = (name: string | symbol): name is keyof Later => later !== undefined && name in later;
  return new Proxy(first as Messages, {
    get(_, name) {
      if (isFirst(name)) return first[name];
      if (isLater(name)) return later?.[name];
      // A promise that has an object as its value asks for this.
      if (later !== undefined || typeof name === 'symbol' || name === 'then') return undefined;
      if (failure !== undefined) {
        // For the component that shows the error; the next call tries again.
        const thrown = failure;
        forget();
        throw thrown;
      }
      throw start();
    },
  });
}
