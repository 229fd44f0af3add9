// Drafts outlive the panel and a reload: they stay in the tab until they are saved or discarded.

import { changedFields } from './stored';
import { newDraft, type Draft, type Names } from './draft';
import { NO_VALUES, type StepValues } from './values';

const PREFIX = 'crm-steps:draft:';
/** A draft of another layout is ignored. */
const LAYOUT = 1;

interface StoredDraft {
  readonly newId: string | null;
  readonly layout: typeof LAYOUT;
  readonly base: StepValues;
  readonly version: number | null;
  readonly values: StepValues;
  readonly names: Names;
  /** Secrets that were not touched are not written down. */
  readonly hasHeaders: boolean;
}

/** Where the draft of a step is kept: that of a new one is one for each pipeline. */
export function draftKey(scenarioId: string, stepId: string): string {
  return stepId === 'new' ? `${PREFIX}new:${scenarioId}` : `${PREFIX}${stepId}`;
}

/** The draft that was kept of a step that is now as `current`; null if there is none. */
export function keptDraft(key: string, current: StepValues): Draft | null {
  const stored = parse(sessionStorage.getItem(key));
  if (stored === null) return null;
  const [base, values] = [
    { ...NO_VALUES, ...stored.base },
    { ...NO_VALUES, ...stored.values },
  ];
  const { newId, version, names } = stored;
  if (stored.hasHeaders) return newDraft({ newId, base, version, values, names });
  const { webhookHeader } = current;
  return newDraft({ newId, base: { ...base, webhookHeader }, version, values: { ...values, webhookHeader }, names });
}

/** Keeps the draft, or forgets it if nothing is changed. */
export function keepDraft(key: string, { newId, base, version, values, names }: Draft): void {
  const changed = changedFields(base, values);
  if (changed.length === 0) return forgetDraft(key);
  const hasHeaders = changed.includes('webhookHeader') || changed.includes('webhookUrl');
  const written = (all: StepValues) => (hasHeaders ? all : { ...all, webhookHeader: [] });
  const stored: StoredDraft = {
    layout: LAYOUT,
    newId,
    base: written(base),
    version,
    values: written(values),
    names,
    hasHeaders,
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
    const stored = JSON.parse(text) as StoredDraft;
    return stored.layout === LAYOUT ? stored : null;
  } catch {
    return null;
  }
}
