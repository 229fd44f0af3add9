/**
 * The whole number that a text has, null if it is none. Thousands may be separated as in `thousand`, which is how the
 * language writes 1000: "1.000" is 1000 in Portuguese, and in English no whole number.
 */
export function wholeNumberOf(text: string, thousand: string): number | null {
  const separator = thousand.replace(/\d/g, '');
  const trimmed = text.trim();
  const digits = /^[-+]?\d{1,3}(?:\D\d{3})+$/.test(trimmed) ? trimmed.replaceAll(separator || ',', '') : trimmed;
  return /^[-+]?\d{1,15}$/.test(digits) ? Number(digits) : null;
}
