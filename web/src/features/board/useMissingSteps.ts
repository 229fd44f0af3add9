import { useEffect } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';

/** As many objects as the service looks up by id at once. */
const MAX_IDS = 100;

/**
 * Reads the steps that the store knows by their id alone: the answer of one's own move lists a step that someone else
 * has just created.
 */
export function useMissingSteps(ids: readonly string[]): void {
  const environment = useRelayEnvironment();
  const key = ids.slice(0, MAX_IDS).join(' ');
  useEffect(() => {
    if (key === '') return undefined;
    let isWanted = true;
    let stop: (() => void) | undefined;
    const read = async () => {
      const { readSteps } = await import('./readSteps');
      if (isWanted) stop = readSteps(environment, key.split(' '));
    };
    void read().catch(() => undefined);
    return () => {
      isWanted = false;
      stop?.();
    };
  }, [environment, key]);
}
