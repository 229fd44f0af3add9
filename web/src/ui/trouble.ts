import { createContext } from 'react';
import type { FailureData } from '../messages/errors';

/**
 * Why all requests fail, as long as the frame says so and tries again; else null. In a window over the frame, which
 * hides what it says, it is null too.
 */
export const Trouble = createContext<FailureData['kind'] | null>(null);
