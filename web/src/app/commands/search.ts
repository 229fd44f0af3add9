import type { Action } from '../shortcuts';

/** The actions under one heading. */
export interface Section {
  title: string;
  actions: Action[];
}

/** Lower case, and without marks: "posição" is found by "posicao". */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * The actions whose name or heading has each word of `query` at the beginning of a word, those first whose name begins
 * with the query.
 */
export function found(actions: readonly Action[], query: string): Action[] {
  const words = folded(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  const start = words.join(' ');
  return actions
    .filter(({ label, section = '' }) => {
      const text = ` ${folded(`${label} ${section}`).replace(/[^\p{L}\p{N}]+/gu, ' ')}`;
      return words.every((word) => text.includes(` ${word}`));
    })
    .map((action) => ({ action, rank: folded(action.label).startsWith(start) ? 0 : 1 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ action }) => action);
}

/**
 * The actions by their headings: those without one under that of the screen, then the headings in the order in which
 * they come, and at last what each screen has.
 */
export function sectionsOf(actions: readonly Action[], screen: string): Section[] {
  const sections = new Map<string, Action[]>();
  const add = (title: string, action: Action) => sections.set(title, [...(sections.get(title) ?? []), action]);
  for (const action of actions) if (action.section === undefined) add(screen, action);
  for (const isGlobal of [false, true]) {
    for (const action of actions) {
      if (action.section !== undefined && (action.isGlobal ?? false) === isGlobal) add(action.section, action);
    }
  }
  return [...sections].map(([title, list]) => ({ title, actions: list }));
}
