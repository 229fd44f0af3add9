// Texts as the service reads them, which differs from what the methods of String do.

const SPACE_AT_START = /^\p{White_Space}+/u;
const SPACE_AT_END = /\p{White_Space}+$/u;
// The last five are drawn as blank space: a Braille pattern, a notehead, two hieroglyphs and a filler.
const ONLY_INVISIBLE =
  /^[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}\u{16fe4}]*$/u;

/** The text without white space (`White_Space` of Unicode, not that of `trim()`) at its ends. */
export function trimmed(text: string): string {
  return text.replace(SPACE_AT_START, '').replace(SPACE_AT_END, '');
}

/** Whether no character of the text is visible. */
export function isBlank(text: string): boolean {
  return ONLY_INVISIBLE.test(text);
}

/**
 * A form of the text that is equal for texts which differ only in case or Unicode form (canonical caseless matching,
 * D145). JavaScript has no case folding, and lower case of upper case is another thing for three letters.
 */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll('ẞ', 'ss')
    .replace(/[^ı]+/gu, (part) => part.toUpperCase().toLowerCase())
    .replaceAll('ς', 'σ')
    .normalize('NFC');
}

/** The number of Unicode scalar values of the text, which is not its `length`. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The number of bytes of the text in UTF-8. */
export function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Whether the text has no control character and no other line break. */
export function isOneLine(text: string): boolean {
  return !/[\p{Cc}\u2028\u2029]/u.test(text);
}

/** Whether the text can be stored: it has no NUL, and no half of a surrogate pair, which JSON cannot carry. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text);
}
