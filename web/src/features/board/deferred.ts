/** A value that is set later and can be replaced. A caller that asks for it before it is set waits. */
export class Deferred<T> {
  #value: T | null = null;
  #waiting: ((value: T) => void)[] = [];
  readonly #onWait: () => void;

  /** `onWait` is called whenever a caller has to wait. */
  constructor(onWait: () => void) {
    this.#onWait = onWait;
  }

  /** Takes the thing; as a ref does, null takes it away. */
  readonly set = (value: T | null): void => {
    this.#value = value;
    if (value === null) return;
    for (const resolve of this.#waiting.splice(0)) resolve(value);
  };

  get(): Promise<T> {
    if (this.#value !== null) return Promise.resolve(this.#value);
    this.#onWait();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
