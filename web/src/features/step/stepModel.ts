import type { IEnvironment } from 'relay-runtime';
import { toFailure, type RequestFailed } from '../../relay/errors';
import type { InputRules } from '../../rules/evaluate';
import { rulesOf } from '../../rules/useInputRules';
import { isDirty, newDraft } from './draft';
import { draftKey, forgetDraft, keepDraft, keptDraft } from './draftStore';
import { FormStore } from './formStore';
import { choose, merge, type Group } from './merge';
import { fieldsWithoutPlace } from './moreFields';
import { readMore } from './moreValues';
import { newStepId } from './newId';
import type { StepProblem } from './problems';
import { StepReader } from './stepReader';
import type { StoredStep } from './storedStep';
import { isSame, withMore, withoutFields } from './stored';
import { NO_VALUES, type StepValues } from './values';

export const NEW = 'new';

/** Two changes of one step: those of this form, and those of somebody who saved first. */
export interface Conflict {
  readonly theirs: StoredStep;
  /** The version that this form was about. */
  readonly from: number;
  readonly mine: StepValues;
  readonly taken: readonly Group[];
  readonly conflicts: readonly Group[];
  /** What is changed here, and of which it is not known how it is stored. */
  readonly uncompared: readonly string[];
  /** The merged values while theirs are shown. */
  readonly aside: StepValues | null;
}

/** What the panel shows. */
export type PanelState =
  | { readonly is: 'loading' }
  | { readonly is: 'failed'; readonly failure: RequestFailed }
  | { readonly is: 'gone'; readonly hasDraft: boolean }
  | {
      readonly is: 'ready';
      readonly store: FormStore;
      /** Null for a new step. */
      readonly step: StoredStep | null;
      readonly problems: readonly StepProblem[];
      /** Whether the draft was there before the panel was opened. */
      readonly isKeptDraft: boolean;
      /** What somebody has saved since, while something is unsaved here. */
      readonly meanwhile: StoredStep | null;
      readonly conflict: Conflict | null;
      /** Who has changed what is shown, after it was shown. */
      readonly shownOf: StoredStep['changedBy'];
      /** Whether this form has saved what is shown. */
      readonly isSaved: boolean;
    };

type Ready = Extract<PanelState, { is: 'ready' }>;

/** Drafts are written down when nothing was typed for this long. */
const PAUSE_MS = 200;

/** A step in its panel: what is stored, what is typed, and what others save meanwhile. */
export class StepModel {
  readonly #environment: IEnvironment;
  readonly #scenarioId: string;
  readonly #key: string;
  readonly #reader: StepReader | null;
  readonly #listeners = new Set<() => void>();
  readonly #ofDraft = new Set<() => void>();
  #state: PanelState = { is: 'loading' };
  #rules: InputRules | null = null;
  #timer = 0;
  /** What still ends then is of no use, and would keep a draft that may have been discarded since. */
  #isStopped = false;
  #settle: () => void = () => undefined;
  #settled = new Promise<void>((resolve) => (this.#settle = resolve));

  constructor(environment: IEnvironment, scenarioId: string, stepId: string) {
    this.#environment = environment;
    this.#scenarioId = scenarioId;
    this.#key = draftKey(scenarioId, stepId);
    this.#reader = stepId === NEW ? null : new StepReader(environment, stepId);
  }

  get state(): PanelState {
    return this.#state;
  }

  /** Resolves when it is not loading any more. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Tells also of each key that is pressed. */
  readonly subscribeToDraft = (listener: () => void): (() => void) => {
    this.#ofDraft.add(listener);
    return () => this.#ofDraft.delete(listener);
  };

  /** Loads and follows the step until the function that it returns is called. */
  readonly start = (): (() => void) => {
    this.#isStopped = false;
    const leave = () => this.#keep();
    window.addEventListener('pagehide', leave);
    const unsubscribe = this.#reader?.subscribe(this.#update);
    const stop = this.#reader?.start();
    void this.#readRules();
    return () => {
      this.#isStopped = true;
      window.removeEventListener('pagehide', leave);
      unsubscribe?.();
      stop?.();
      leave();
    };
  };

  /** Loads it again: after a failure, or because it may be gone. */
  readonly reload = (): void => {
    if (this.#state.is === 'failed') {
      this.#settled = new Promise<void>((resolve) => (this.#settle = resolve));
      this.#set({ is: 'loading' });
    }
    if (this.#rules === null) void this.#readRules();
    this.#reader?.reload();
  };

  /** What was sent is stored like this. What was typed meanwhile stays. */
  saved(step: StoredStep, problems: readonly StepProblem[], sent: StepValues): void {
    this.#change((ready) => {
      const { store } = ready;
      const stored = withMore(sent, step.values);
      const { version, names } = step;
      const { merged } = merge(sent, store.draft.values, stored);
      store.dispatch({ type: 'stored', base: stored, version, names });
      store.dispatch({ type: 'rebase', base: stored, version, values: merged, names });
      return {
        ...ready,
        step,
        problems,
        isKeptDraft: false,
        meanwhile: null,
        conflict: null,
        shownOf: null,
        isSaved: true,
      };
    });
    this.#keep();
    this.#reader?.accept(step, problems);
  }

  /** A new step is stored: nothing of it is left to keep. */
  created(): void {
    this.#change((ready) => {
      ready.store.dispatch({ type: 'stored', base: NO_VALUES, version: null, names: {} });
      return ready;
    });
    forgetDraft(this.#key);
  }

  /**
   * The step that this form creates is there already, because an answer was lost. What is typed goes on as a change of
   * it; its id is what is returned.
   */
  movedToStored(): string | null {
    if (this.#state.is !== 'ready') return null;
    const { draft } = this.#state.store;
    const { newId } = draft;
    if (newId === null) return null;
    // Of version 0, which no step has: it is merged with what is stored.
    keepDraft(draftKey(this.#scenarioId, newId), { ...draft, newId: null, base: NO_VALUES, version: 0 });
    this.created();
    return newId;
  }

  /** Puts the changes of this form on top of what somebody has saved. */
  merge(theirs: StoredStep): void {
    const more = this.#rules === null ? [] : fieldsWithoutPlace(this.#rules);
    if (more.length === 0) return this.#merge(theirs, theirs.values, []);
    void readMore(this.#environment, theirs, more).then((values) => {
      if (this.#isStopped) return;
      const unknown = more.filter((field) => !(field in values));
      this.#merge(theirs, { ...values, ...theirs.values }, unknown);
    });
  }

  #merge(theirs: StoredStep, stored: StepValues, unknown: readonly string[]): void {
    this.#change((ready) => {
      const { base, version, values } = ready.store.draft;
      // It was merged while the rest of it was read.
      if (version !== null && version >= theirs.version) return ready;
      const { merged, taken, conflicts } = merge(withoutFields(base, unknown), withoutFields(values, unknown), stored);
      const uncompared = unknown.filter((field) => !isSame(field, base, values));
      const kept = Object.fromEntries(uncompared.map((field) => [field, values[field]]));
      ready.store.dispatch({
        type: 'rebase',
        base: stored,
        version: theirs.version,
        values: { ...kept, ...merged },
        names: theirs.names,
      });
      const conflict = { theirs, from: version ?? 0, mine: values, taken, conflicts, uncompared, aside: null };
      return { ...ready, step: theirs, isKeptDraft: false, meanwhile: null, conflict };
    });
  }

  /** Takes one side where both have changed something. */
  choose(group: Group, side: 'mine' | 'theirs'): void {
    this.#change((ready) => {
      const { store, conflict } = ready;
      if (conflict === null) return ready;
      const { base, version, values } = store.draft;
      const chosen = choose(values, group, side === 'mine' ? conflict.mine : base);
      store.dispatch({ type: 'rebase', base, version: version ?? 0, values: chosen, names: {} });
      return { ...ready, conflict: { ...conflict, aside: null } };
    });
  }

  /** Shows what is stored, and puts the changes of this form aside; or brings these back. */
  showTheirs(isShown: boolean): void {
    this.#change((ready) => {
      const { store, conflict } = ready;
      if (conflict === null) return ready;
      const { base, version, values } = store.draft;
      const next = isShown ? base : (conflict.aside ?? values);
      store.dispatch({ type: 'rebase', base, version: version ?? 0, values: next, names: {} });
      return { ...ready, conflict: { ...conflict, aside: isShown ? values : null } };
    });
  }

  /** Gives up what is not saved. */
  discard(): void {
    this.#change((ready) => {
      ready.store.dispatch({ type: 'discard' });
      const { meanwhile } = ready;
      if (meanwhile !== null) this.#show(ready.store, meanwhile);
      return { ...ready, step: meanwhile ?? ready.step, isKeptDraft: false, meanwhile: null, conflict: null };
    });
    forgetDraft(this.#key);
  }

  /** Whether something is typed that is not stored. */
  get isDirty(): boolean {
    return this.#state.is === 'ready' && isDirty(this.#state.store.draft);
  }

  async #readRules(): Promise<void> {
    const input = this.#reader === null ? 'CreateCrmStepInput' : 'UpdateCrmStepInput';
    try {
      this.#rules = await rulesOf(this.#environment, input);
    } catch (error) {
      if (this.#state.is !== 'ready') this.#set({ is: 'failed', failure: toFailure(error) });
      return;
    }
    this.#update();
  }

  /** Something is known that was not. */
  readonly #update = (): void => {
    const reading = this.#reader?.state ?? null;
    if (reading?.is === 'failed') {
      if (this.#state.is !== 'ready') this.#set(reading);
    } else if (reading?.is === 'gone') {
      this.#keep();
      this.#set({ is: 'gone', hasDraft: keptDraft(this.#key, NO_VALUES) !== null });
    } else if (this.#rules !== null && reading?.is !== 'loading') {
      if (this.#state.is !== 'ready') this.#begin(this.#rules, reading);
      else if (reading !== null) this.#follow(this.#state, reading.step, reading.problems);
    }
  };

  #begin(rules: InputRules, reading: { step: StoredStep; problems: readonly StepProblem[] } | null): void {
    const step = reading?.step ?? null;
    const kept = keptDraft(this.#key, step?.values ?? NO_VALUES);
    const fresh =
      step === null
        ? newDraft({ newId: newStepId() })
        : newDraft({ base: step.values, version: step.version, names: step.names });
    const draft = kept === null ? fresh : { ...kept, names: { ...step?.names, ...kept.names } };
    const store = new FormStore(rules, this.#scenarioId, draft);
    store.subscribe(() => {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#keep(), PAUSE_MS);
      for (const listener of this.#ofDraft) listener();
    });
    const isOld = step !== null && kept !== null && kept.version !== step.version;
    this.#set({
      is: 'ready',
      store,
      step,
      problems: reading?.problems ?? [],
      isKeptDraft: kept !== null,
      meanwhile: isOld ? step : null,
      conflict: null,
      shownOf: null,
      isSaved: false,
    });
  }

  #follow(ready: Ready, step: StoredStep, problems: readonly StepProblem[]): void {
    const { store } = ready;
    if (step.version === store.draft.version) return this.#set({ ...ready, step, problems });
    if (isDirty(store.draft)) return this.#set({ ...ready, problems, meanwhile: step });
    this.#show(store, step);
    this.#set({ ...ready, step, problems, meanwhile: null, conflict: null, shownOf: step.changedBy, isSaved: false });
  }

  #show(store: FormStore, { values, version, names }: StoredStep): void {
    store.dispatch({ type: 'stored', base: values, version, names });
  }

  #keep(): void {
    window.clearTimeout(this.#timer);
    if (this.#state.is !== 'ready') return;
    const { store, conflict } = this.#state;
    const values = conflict?.aside ?? store.draft.values;
    keepDraft(this.#key, { ...store.draft, values });
  }

  #change(change: (ready: Ready) => Ready): void {
    if (this.#state.is === 'ready') this.#set(change(this.#state));
  }

  #set(state: PanelState): void {
    this.#state = state;
    if (state.is !== 'loading') this.#settle();
    for (const listener of [...this.#listeners, ...this.#ofDraft]) listener();
  }
}
