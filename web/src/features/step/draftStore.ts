// Drafts outlive the panel and a reload: they stay in the tab until they are saved or discarded.

import { changedFields, fieldsOf, withoutFields } from './stored';
import { newDraft, type Draft, type Names } from './draft';
import { NO_VALUES, type StepValues } from './values';

const PREFIX = 'crm-steps:draft:';

interface StoredDraft {
  readonly newId: string | null;
  /** The values of a new step in the version of the page that has kept the draft: they say of which form values are. */
  readonly layout: Readonly<Record<string, unknown>>;
  readonly base: StepValues;
  readonly version: number | null;
  readonly values: StepValues;
  readonly names: Names;
}

/** Where the draft of a step is kept: that of a new one is one for each pipeline. */
export function draftKey(scenarioId: string, stepId: string): string {
  return stepId === 'new' ? `${PREFIX}new:${scenarioId}` : `${PREFIX}${stepId}`;
}

/**
 * The draft that was kept of a step that is now as `current`; null if there is none. A field that has another form now,
 * or was not kept, is as in `current`.
 */
export function keptDraft(key: string, current: StepValues): Draft | null {
  const stored = parse(sessionStorage.getItem(key));
  if (stored === null) return null;
  const { newId, layout, version, names } = stored;
  const hasOtherForm = (field: string) => JSON.stringify(layout[field]) !== JSON.stringify(NO_VALUES[field]);
  const read = (kept: StepValues) => ({ ...current, ...withoutFields(kept, fieldsOf(kept).filter(hasOtherForm)) });
  const [base, values] = [read(stored.base), read(stored.values)];
  if (changedFields(base, values).length === 0) return null;
  return newDraft({ newId, base, version, values, names });
}

/** Keeps the draft, or forgets it if nothing is changed. */
export function keepDraft(key: string, { newId, base, version, values, names }: Draft): void {
  const changed = changedFields(base, values);
  if (changed.length === 0) return forgetDraft(key);
  const hasHeaders = changed.includes('webhookHeader') || changed.includes('webhookUrl');
  // Secrets that were not touched are not written down.
  const written = (all: StepValues) => (hasHeaders ? all : withoutFields(all, ['webhookHeader']));
  const stored: StoredDraft = {
    layout: NO_VALUES,
    newId,
    base: written(base),
    version,
    values: written(values),
    names,
  };
  try {
    sessionStorage.setItem(key, JSON.stringify(stored));
  } catch (error) {
    // The storage of the tab is full: the draft is still in the form.
    if (!(error instanceof DOMException)) throw error;
  }
}

export function forgetDraft(key: string): void {
  sessionStorage.removeItem(key);
}

function parse(text: string | null): StoredDraft | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as StoredDraft;
  } catch {
    return null;
  }
}
