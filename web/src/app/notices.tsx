import { createContext, use } from 'react';
import type { RequestFailed } from '../relay/errors';

/** How commands tell what became of them. */
export interface Notices {
  /** Shows and announces that something was done. */
  say: (text: string) => void;
  /** Shows and announces a failure, with a button that tries again. */
  fail: (failure: RequestFailed, again: () => void) => void;
}

export const NoticesContext = createContext<Notices>({ say: () => undefined, fail: () => undefined });

/** How to tell what became of a command; the frame shows it. */
export function useNotices(): Notices {
  return use(NoticesContext);
}
