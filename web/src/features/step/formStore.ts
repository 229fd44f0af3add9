import { exclusionOf, rowAt, type FieldRules, type Input, type InputRules } from '../../rules/evaluate';
import { checkCreate, checkUpdate, NO_SCHEME, type Checked } from './check';
import { draftReducer, type Draft, type DraftAction } from './draft';
import { wholeInput } from './stored';

/** What is wrong with a field: found here, or said by the service, which has a sentence of its own. */
export interface Problem {
  readonly field: readonly string[];
  readonly code: string;
  readonly message: string;
  readonly params: readonly { readonly name: string; readonly value: string }[];
}

/** A field as it is drawn. */
export interface FieldState {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** What keeps it from being given, as long as the other values are as they are. */
  readonly exclusion: { readonly code: string; readonly by: string } | null;
}

/** The draft of a form, outside of React, so that a key that is pressed draws only the field that changes. */
export class FormStore {
  readonly rules: InputRules;
  readonly #scenarioId: string;
  readonly #listeners = new Set<() => void>();
  readonly #fields = new Map<string, FieldState>();
  #draft: Draft;
  /** Of the present draft, once somebody asks for it. */
  #checked: Checked | null = null;
  #problems: readonly Problem[] | null = null;
  #whole: Input | null = null;
  #lastProblems: readonly Problem[] = [];

  constructor(rules: InputRules, scenarioId: string, draft: Draft) {
    this.rules = rules;
    this.#scenarioId = scenarioId;
    this.#draft = draft;
  }

  get draft(): Draft {
    return this.#draft;
  }

  /** What saving would send, and what is wrong with it. */
  get checked(): Checked {
    this.#checked ??= this.#check();
    return this.#checked;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly dispatch = (action: DraftAction): void => {
    this.#draft = draftReducer(this.#draft, action);
    this.#checked = null;
    this.#problems = null;
    this.#whole = null;
    for (const listener of this.#listeners) listener();
  };

  /** The same object as long as nothing of the field has changed. */
  field(name: string): FieldState {
    const { values } = this.#draft;
    this.#whole ??= wholeInput(values);
    const value = values[name];
    const problems = this.problems.filter(({ field: [, field] }) => field === name);
    const exclusion = exclusionOf(this.rules, this.#whole, name);
    const known = this.#fields.get(name);
    const notes = JSON.stringify([problems, exclusion]);
    const isSame = known?.value === value && JSON.stringify([known?.problems, known?.exclusion]) === notes;
    if (known !== undefined && isSame) return known;
    const next = { value, problems, exclusion };
    this.#fields.set(name, next);
    return next;
  }

  /** The rules of a field, or of what is in it: `defaultTags.*`. */
  row(path: string): FieldRules | undefined {
    return rowAt(this.rules, path);
  }

  /** What is wrong with the fields that were left, or with all once saving was tried, and what the service says. */
  get problems(): readonly Problem[] {
    if (this.#problems !== null) return this.#problems;
    const found = this.#findProblems();
    // The same array as long as it says the same.
    if (JSON.stringify(found) !== JSON.stringify(this.#lastProblems)) this.#lastProblems = found;
    this.#problems = this.#lastProblems;
    return this.#problems;
  }

  #findProblems(): Problem[] {
    const { left, isSubmitted, refusals } = this.#draft;
    const own = this.checked.violations
      .filter(({ path: [field = ''] }) => isSubmitted || left.has(field))
      .map(({ path, code, params }) => ({ field: ['input', ...path], code, params, message: '' }));
    const isOwn = (refusal: Problem) =>
      own.some(({ field, code }) => code === refusal.code && field.join() === refusal.field.join());
    const problems: Problem[] = [...own, ...refusals.filter((refusal) => !isOwn(refusal))];
    return this.draft.values.webhookUrl.includes('://') ? problems : problems.map(withoutScheme);
  }

  #check(): Checked {
    const { base, version, values, newId } = this.#draft;
    if (version !== null) return checkUpdate(this.rules, base, values);
    const { input, violations } = checkCreate(this.rules, values, this.#scenarioId);
    return { input: { ...input, id: newId }, violations };
  }
}

/** The most frequent reason why a text is no URL, which the code of the service does not tell from the others. */
function withoutScheme(problem: Problem): Problem {
  return problem.code === 'INVALID_URL' ? { ...problem, code: NO_SCHEME } : problem;
}
