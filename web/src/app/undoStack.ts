/** A command that was carried out, and how to take it back. */
export interface UndoEntry {
  /** What was done, like "Move Proposta": menus say "Undo: Move Proposta". */
  label: string;
  undo: () => Promise<UndoOutcome>;
  redo: () => Promise<UndoOutcome>;
}

export type UndoOutcome =
  | { is: 'done' }
  /** What it was about has been changed since: by the token of this name, in this pipeline, at this step. */
  | { is: 'stale'; by?: string | undefined; pipeline?: string | undefined; step?: string | undefined }
  /** It may be tried again. */
  | { is: 'failed'; message: string };

export interface UndoState {
  /** The labels of the entries that are next; null if there are none. */
  undoLabel: string | null;
  redoLabel: string | null;
}

/** The result of `undo` and `redo`; null if there was nothing to do. */
export type UndoResult = { entry: UndoEntry; outcome: UndoOutcome } | null;

const MAX_DEPTH = 50;

/**
 * The commands of one pipeline that can be taken back. What is asked for happens one after another, and after the
 * commands that are still on their way: undo takes back the command before it, also if that has no answer yet.
 */
export class UndoStack {
  #done: UndoEntry[] = [];
  #undone: UndoEntry[] = [];
  #onTheWay = new Set<Promise<unknown>>();
  #last: Promise<unknown> = Promise.resolve();
  #state: UndoState = { undoLabel: null, redoLabel: null };
  #listeners = new Set<() => void>();

  get state(): UndoState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Calls the listener at the next change. */
  onceChanged(listener: () => void): void {
    const stop = this.subscribe(() => {
      stop();
      listener();
    });
  }

  /** Makes `undo` and `redo` wait for a command. */
  track(command: Promise<unknown>): void {
    this.#onTheWay.add(command);
    const remove = () => this.#onTheWay.delete(command);
    command.then(remove, remove);
  }

  /** Adds a command that was carried out. What was undone before cannot be redone any more. */
  push(entry: UndoEntry): void {
    this.#done.push(entry);
    if (this.#done.length > MAX_DEPTH) this.#done.shift();
    this.#undone = [];
    this.#changed();
  }

  undo(): Promise<UndoResult> {
    return this.#enqueue(() => this.#run(this.#done, this.#undone, 'undo'));
  }

  redo(): Promise<UndoResult> {
    return this.#enqueue(() => this.#run(this.#undone, this.#done, 'redo'));
  }

  #enqueue(task: () => Promise<UndoResult>): Promise<UndoResult> {
    const before = [this.#last, ...this.#onTheWay];
    const result = Promise.allSettled(before).then(task);
    this.#last = result;
    return result;
  }

  async #run(from: UndoEntry[], to: UndoEntry[], what: 'undo' | 'redo'): Promise<UndoResult> {
    const entry = from.at(-1);
    if (entry === undefined) return null;
    const outcome = await entry[what]().catch((error: unknown): UndoOutcome => ({
      is: 'failed',
      message: error instanceof Error ? error.message : String(error),
    }));
    // One that is stale will stay so. One that failed stays where it is, to be tried again.
    if (outcome.is !== 'failed') from.splice(from.indexOf(entry), 1);
    if (outcome.is === 'done') to.push(entry);
    this.#changed();
    return { entry, outcome };
  }

  #changed(): void {
    this.#state = { undoLabel: this.#done.at(-1)?.label ?? null, redoLabel: this.#undone.at(-1)?.label ?? null };
    for (const listener of this.#listeners) listener();
  }
}
