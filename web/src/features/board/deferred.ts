/** A value that is set later and can be replaced. A caller that asks for it before it is set waits. */
export class Deferred<T> {
  #value: T | null = null;
  #waiting: ((value: T) => void)[] = [];

  /** Takes the thing; as a ref does, null takes it away. */
  readonly set = (value: T | null): void => {
    this.#value = value;
    if (value === null) return;
    for (const resolve of this.#waiting.splice(0)) resolve(value);
  };

  get(): Promise<T> {
    const value = this.#value;
    return value === null ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(value);
  }
}
