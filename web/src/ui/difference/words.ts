/** A part of a text that was changed: what stayed, what was removed, or what was added. */
export interface TextPart {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** More edits than this and the texts have so little in common that one after the other is easier to read. */
const EDITS_MAX = 1500;

/** Words, the spaces between them, punctuation; emoji and characters with marks stay whole. */
const words = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * Splits two texts into what both have and what only one has, word by word. The parts that are `same` or `removed` are the text
 * before, those that are `same` or `added` the text after; a removed part comes before the added one that replaces it.
 */
export function wordDifference(before: string, after: string): TextPart[] {
  const [old, fresh] = [split(before), split(after)];
  const start = commonStart(old, fresh);
  const end = commonEnd(old, fresh, start);
  const parts = new Parts();
  parts.add('same', old.slice(0, start));
  for (const part of middle(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)))
    parts.add(part.kind, part.words);
  parts.add('same', old.slice(old.length - end));
  return parts.done();
}

function split(text: string): string[] {
  return Array.from(words.segment(text), ({ segment }) => segment);
}

function commonStart(old: string[], fresh: string[]): number {
  let length = 0;
  while (length < old.length && length < fresh.length && old[length] === fresh[length]) length += 1;
  return length;
}

function commonEnd(old: string[], fresh: string[], start: number): number {
  const longest = Math.min(old.length, fresh.length) - start;
  let length = 0;
  while (length < longest && old[old.length - 1 - length] === fresh[fresh.length - 1 - length]) length += 1;
  return length;
}

interface WordsPart {
  kind: TextPart['kind'];
  words: string[];
}

/** The shortest edit script (E. Myers, "An O(ND) difference algorithm and its variations", 1986), or a replacement of everything. */
function middle(old: string[], fresh: string[]): WordsPart[] {
  const replaced: WordsPart[] = [
    { kind: 'removed', words: old },
    { kind: 'added', words: fresh },
  ];
  if (old.length === 0 || fresh.length === 0) return replaced;
  const rounds = furthestPaths(old, fresh);
  return rounds === null ? replaced : script(old, fresh, rounds);
}

/** For each number of edits, how far into the old text one comes on each diagonal; null if it takes too many edits. */
function furthestPaths(old: string[], fresh: string[]): Int32Array[] | null {
  const limit = Math.min(old.length + fresh.length, EDITS_MAX);
  const reached = new Int32Array(2 * limit + 3);
  const rounds: Int32Array[] = [];
  for (let edits = 0; edits <= limit; edits += 1) {
    rounds.push(reached.slice(limit - edits, limit + edits + 3));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isAddition(reached, limit + 1, diagonal, edits)
        ? at(reached, limit + 2 + diagonal)
        : at(reached, limit + diagonal) + 1;
      while (x < old.length && x - diagonal < fresh.length && old[x] === fresh[x - diagonal]) x += 1;
      reached[limit + 1 + diagonal] = x;
      if (x >= old.length && x - diagonal >= fresh.length) return rounds;
    }
  }
  return null;
}

/** Whether the furthest path on a diagonal ends with an addition, rather than with a removal. */
function isAddition(reached: Int32Array, centre: number, diagonal: number, edits: number): boolean {
  return (
    diagonal === -edits ||
    (diagonal !== edits && at(reached, centre + diagonal - 1) < at(reached, centre + diagonal + 1))
  );
}

function at(numbers: Int32Array, index: number): number {
  return numbers[index] ?? 0;
}

/** Walks the paths back from the end. */
function script(old: string[], fresh: string[], rounds: Int32Array[]): WordsPart[] {
  const parts: WordsPart[] = [];
  let [x, y] = [old.length, fresh.length];
  for (let edits = rounds.length - 1; edits >= 0; edits -= 1) {
    const reached = rounds[edits] ?? new Int32Array();
    const diagonal = x - y;
    const isAdded = isAddition(reached, edits + 1, diagonal, edits);
    const previous = edits === 0 ? 0 : diagonal + (isAdded ? 1 : -1);
    const fromX = edits === 0 ? 0 : at(reached, edits + 1 + previous);
    const fromY = fromX - previous;
    const same = edits === 0 ? x : Math.min(x - fromX - (isAdded ? 0 : 1), y - fromY - (isAdded ? 1 : 0));
    parts.push({ kind: 'same', words: old.slice(x - same, x) });
    if (edits === 0) break;
    parts.push(
      isAdded
        ? { kind: 'added', words: fresh.slice(fromY, fromY + 1) }
        : { kind: 'removed', words: old.slice(fromX, fromX + 1) },
    );
    [x, y] = [fromX, fromY];
  }
  return parts.reverse();
}

/** Joins parts of one kind, and spaces or punctuation between two changes with these: single letters that stay are noise. */
class Parts {
  private readonly parts: TextPart[] = [];
  private removed = '';
  private added = '';
  /** What stayed since the last change, as long as it is not certain that it is worth showing. */
  private kept = '';

  add(kind: TextPart['kind'], list: string[]): void {
    for (const word of list) {
      if (kind === 'same') this.keep(word);
      else this.change(kind, word);
    }
  }

  done(): TextPart[] {
    this.flush();
    return this.parts;
  }

  private keep(word: string): void {
    this.kept += word;
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word)) this.flush();
  }

  private change(kind: 'removed' | 'added', word: string): void {
    if (this.removed === '' && this.added === '') {
      this.flush();
    } else {
      this.removed += this.kept;
      this.added += this.kept;
      this.kept = '';
    }
    this[kind] += word;
  }

  private flush(): void {
    this.push('removed', this.removed);
    this.push('added', this.added);
    this.push('same', this.kept);
    [this.removed, this.added, this.kept] = ['', '', ''];
  }

  private push(kind: TextPart['kind'], text: string): void {
    const last = this.parts.at(-1);
    if (text === '') return;
    if (last?.kind === kind) last.text += text;
    else this.parts.push({ kind, text });
  }
}
