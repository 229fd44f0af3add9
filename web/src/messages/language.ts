/** `en-XA` is for tests: English with every message in ⟦ ⟧, so that a text that is no message is found. */
export type Language = 'en' | 'pt-BR' | 'en-XA';

/** The languages that a person can choose, each by its own name. */
export const languages = [
  { id: 'en', name: 'English' },
  { id: 'pt-BR', name: 'Português (Brasil)' },
] as const;

/** The language of a browser whose preferred ones are `preferred`: Portuguese of any country, or else English. */
export function languageOf(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    if (/^pt\b/i.test(tag)) return 'pt-BR';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
