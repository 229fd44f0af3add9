import { useSyncExternalStore } from 'react';
import { type Language, languageOf } from '../messages/language';

export type Theme = 'system' | 'light' | 'dark';

/** What a person has chosen in this browser; holds for all tabs. */
export interface Settings {
  theme: Theme;
  language: Language;
  /** Whether keys like `n` act without a modifier. */
  singleKeys: boolean;
}

const KEYS = { theme: 'crm-steps:theme', language: 'crm-steps:language', singleKeys: 'crm-steps:single-keys' } as const;

const listeners = new Set<() => void>();
let current = read();

function read(): Settings {
  const theme = stored(KEYS.theme);
  const language = stored(KEYS.language);
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    language:
      language === 'en' || language === 'pt-BR' || language === 'en-XA' ? language : languageOf(navigator.languages),
    singleKeys: stored(KEYS.singleKeys) !== 'off',
  };
}

/** A browser can be told to keep nothing; then the settings hold until the page is closed. */
function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // See `stored`.
  }
}

function tell(): void {
  for (const listener of listeners) listener();
}

// Another tab has changed them.
window.addEventListener('storage', () => {
  current = read();
  tell();
});

/** The settings at this moment. */
export function settings(): Settings {
  return current;
}

/** Changes some settings, in this and all other tabs. */
export function changeSettings(changes: Partial<Settings>): void {
  current = { ...current, ...changes };
  if (changes.theme !== undefined) store(KEYS.theme, changes.theme === 'system' ? null : changes.theme);
  if (changes.language !== undefined) store(KEYS.language, changes.language);
  if (changes.singleKeys !== undefined) store(KEYS.singleKeys, changes.singleKeys ? null : 'off');
  tell();
}

/** Calls `listener` after each change; returns what ends it. */
export function onSettings(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The settings, and a new drawing after each change. */
export function useSettings(): Settings {
  return useSyncExternalStore(onSettings, settings);
}
