// Pseudo-random choices, the same in every run.

/** A generator of pseudo-random numbers (mulberry32): its seed determines all of them. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** From 0 to 1, without 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to one less than the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) {
      throw new Error("There is nothing to choose from.");
    }
    return items[this.below(items.length)]!;
  }

  /** This many of the items, in their order. */
  some<Item>(items: readonly Item[], count: number): Item[] {
    const left = [...items.keys()];
    const chosen = new Set<number>();
    while (chosen.size < Math.min(count, items.length)) {
      chosen.add(left.splice(this.below(left.length), 1)[0]!);
    }
    return items.filter((_, index) => chosen.has(index));
  }
}
