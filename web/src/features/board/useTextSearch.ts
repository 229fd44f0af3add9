import { useEffect, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';

/** How long typing has to pause before the service is asked. */
const PAUSE_MS = 250;
/** Shorter texts are in almost every prompt. */
const MIN_LENGTH = 2;

const NOTHING: ReadonlySet<string> = new Set();

/**
 * The steps that have a text in what the page has not loaded: prompts and messages. Empty until the service has
 * answered, and if it does not answer: then the filter finds what is loaded.
 */
export function useTextSearch(scenarioId: string, text: string): ReadonlySet<string> {
  const environment = useRelayEnvironment();
  const wanted = text.trim().length < MIN_LENGTH ? '' : text.trim();
  const [found, setFound] = useState<{ text: string; ids: ReadonlySet<string> }>({ text: '', ids: NOTHING });
  useEffect(() => {
    if (wanted === '') return undefined;
    let isWanted = true;
    async function ask() {
      const { searchTexts } = await import('./searchTexts');
      const ids = await searchTexts(environment, scenarioId, wanted);
      if (isWanted) setFound({ text: wanted, ids });
    }
    const timer = window.setTimeout(() => void ask().catch(() => undefined), PAUSE_MS);
    return () => {
      isWanted = false;
      window.clearTimeout(timer);
    };
  }, [environment, scenarioId, wanted]);
  return found.text === wanted ? found.ids : NOTHING;
}
