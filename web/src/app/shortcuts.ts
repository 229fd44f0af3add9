import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { isTopLayer, useLayer } from '../ui/layer';
import { keysMatch } from './pressed';
import { settings } from './settings';

/** Something that a screen can do now: it stands in the command palette, and may have keys. */
export interface Action {
  /** One word for the same thing on each screen: `step.new`. */
  id: string;
  label: string;
  /** `n`, `mod+z`, `mod+shift+z`, `?`; `mod` is ⌘ on Apple's machines and Ctrl elsewhere. */
  shortcut?: string | undefined;
  run: () => void;
  isEnabled?: boolean | undefined;
  /** The heading that it stands under in the palette and in the list of shortcuts. */
  section?: string | undefined;
  /** Whether the keys also act while somebody writes in a field. */
  inFields?: boolean | undefined;
  /** Whether the palette leaves it out, because there it would do nothing. */
  isHidden?: boolean | undefined;
}

interface Registered {
  action: Action;
  layer: number;
  run: () => void;
}

let registered: readonly Registered[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Registered[]): void {
  registered = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Offers an action as long as the caller is on the screen. Of two with the same keys, the later one has them. */
export function useAction(action: Action): void {
  const layer = useLayer();
  const run = useEffectEvent(() => action.run());
  const { id, label, shortcut, isEnabled = true, section, inFields, isHidden } = action;
  useEffect(() => {
    const entry: Registered = {
      action: { id, label, shortcut, isEnabled, section, inFields, isHidden, run: () => run() },
      layer,
      run: () => run(),
    };
    change([...registered, entry]);
    return () => change(registered.filter((other) => other !== entry));
  }, [id, label, shortcut, isEnabled, section, inFields, isHidden, layer]);
}

/** An action that is known by its keys. */
export function useShortcut({ keys, ...action }: Omit<Action, 'id' | 'shortcut'> & { keys: string }): void {
  useAction({ ...action, id: `keys:${keys}`, shortcut: keys });
}

/** The actions of all that is on the screen, without those that a later one replaces. */
export function useActions(): readonly Action[] {
  const all = useSyncExternalStore(subscribe, () => registered);
  const byId = new Map<string, Action>();
  for (const { action } of all) byId.set(action.id, action);
  return [...byId.values()];
}

/** Whether an event comes from something that takes typed text. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return (
    target instanceof HTMLInputElement && !/^(button|checkbox|radio|submit|reset|range|color|file)$/.test(target.type)
  );
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const typing = isTyping(event.target);
  for (const { action, layer, run } of [...registered].reverse()) {
    const { shortcut, isEnabled = true, inFields = false } = action;
    if (shortcut === undefined || !isEnabled || !keysMatch(shortcut, event) || !isTopLayer(layer)) continue;
    if (typing && !inFields) continue;
    if (!shortcut.includes('mod+') && !shortcut.includes('alt+') && !settings().singleKeys) continue;
    event.preventDefault();
    run();
    return;
  }
}

/** Listens to the keys; the frame calls it once. */
export function startShortcuts(): () => void {
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
