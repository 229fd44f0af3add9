/**
 * The tag that a typed text means, without white space around it. White space alone stays as it is, so that the form
 * can say what is wrong with it; null is no tag. Quotes around a text with a comma only hold it together.
 */
export function takeTag(text: string): string | null {
  if (text === '') return null;
  const trimmed = text.trim();
  if (trimmed === '') return text;
  const quoted = /^"([^"]*,[^"]*)"$/.exec(trimmed);
  return quoted?.[1]?.trim() ?? trimmed;
}

/** The tags of a pasted text: one a line, or separated by commas, semicolons or tabs; quotes hold one together. */
export function splitTags(text: string): string[] {
  const separators = /[\n\r\t]/.test(text) ? /[\n\r\t]+/ : /[,;]+/;
  // A quoted part has no separator for the pattern to find.
  const parts: string[] = [];
  const quotes: string[] = [];
  const masked = text.replace(/"[^"\n\r]*"/g, (quoted) => `"${quotes.push(quoted) - 1}"`);
  for (const part of masked.split(separators)) {
    const tag = takeTag(part.replace(/"(\d+)"/g, (_, at: string) => quotes[Number(at)] ?? ''));
    if (tag !== null && tag.trim() !== '') parts.push(tag);
  }
  return parts;
}
