import type { RequestFailed } from '../../relay/errors';
import type { FieldValues } from './putBack';

/** A change of the history as the commands that put it back know it. */
export interface Target {
  subjectId: string;
  isStep: boolean;
  /** The pipeline that it is or belongs to. */
  scenarioId: string;
  /** What the changed thing is called. */
  thing: string;
}

/** What came of putting a change back. */
export type Outcome =
  | { is: 'done' }
  /** Others have changed the same fields since: what would change now, and the function that does it all the same. */
  | { is: 'ask'; fields: readonly FieldValues[]; go: () => Promise<Outcome> }
  /** Nothing was changed: why, and what to do. */
  | { is: 'told'; sentences: readonly string[] }
  /** A notice of the page says so already, and offers to try again. */
  | { is: 'failed' };

/** What a reading before the command came to. */
export type Reading<T> = { is: 'read'; data: T } | { is: 'unread'; failure: RequestFailed };
