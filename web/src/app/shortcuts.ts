import { useEffect, useEffectEvent, useId, useSyncExternalStore } from 'react';
import { closeLast, hasOpenList, isTopLayer, useLayer, useZone, zoneOf } from '../ui/layer';
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
  /** Whether each screen has it; then it stands behind those of the screen. */
  isGlobal?: boolean | undefined;
  /** Whether the keys also act while somebody writes in a field. */
  inFields?: boolean | undefined;
  /** Whether the palette leaves it out: it would do nothing now, or stands there already. Its keys act. */
  isHidden?: boolean | undefined;
}

interface Registered {
  action: Action;
  layer: number;
  zone: string | null;
}

/** The callers in the order in which they came to the screen, and what each offers now. */
const places: string[] = [];
const offers = new Map<string, Registered>();
let registered: readonly Registered[] = [];
const listeners = new Set<() => void>();

function tell(): void {
  registered = places.flatMap((place) => offers.get(place) ?? []);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Offers an action as long as the caller is on the screen. Of two with the same keys, the one that came later has them,
 * whatever changes in the other one.
 */
export function useAction(action: Action): void {
  const place = useId();
  const layer = useLayer();
  const zone = useZone();
  const run = useEffectEvent(() => action.run());
  const { id, label, shortcut, isEnabled = true, section, isGlobal, inFields, isHidden } = action;
  useEffect(() => {
    places.push(place);
    return () => {
      places.splice(places.indexOf(place), 1);
    };
  }, [place]);
  useEffect(() => {
    const offered = { id, label, shortcut, isEnabled, section, isGlobal, inFields, isHidden, run: () => run() };
    offers.set(place, { action: offered, layer, zone });
    tell();
    return () => {
      offers.delete(place);
      tell();
    };
  }, [place, id, label, shortcut, isEnabled, section, isGlobal, inFields, isHidden, layer, zone]);
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

/** Whether a shortcut has no modifier but Shift. Dictated text and accidental typing can trigger it (WCAG 2.1.4). */
export function isSingleKey(shortcut: string): boolean {
  return !/(?:mod|alt)\+/.test(shortcut);
}

/** Whether letters have a meaning where an event comes from: text fields take them, and open lists find an item by them. */
function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('[role="menu"], [role="listbox"]') !== null) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement && !/^(?:button|checkbox|radio|submit|reset|range|color|file)$/.test(target.type)
  );
}

function runOf(event: KeyboardEvent, isWanted: (shortcut: string) => boolean): void {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const isTyping = takesLetters(event.target);
  const zone = zoneOf(event.target);
  for (const { action, layer, zone: own } of [...registered].reverse()) {
    const { shortcut, isEnabled = true, inFields = false } = action;
    if (shortcut === undefined || !isWanted(shortcut) || !isEnabled || !keysMatch(shortcut, event)) continue;
    if (!isTopLayer(layer) || (isTyping && !inFields)) continue;
    if (isSingleKey(shortcut) && (!settings().singleKeys || (zone !== null && zone !== own))) continue;
    event.preventDefault();
    event.stopPropagation();
    action.run();
    return;
  }
}

function closeByEscape(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || event.repeat) return;
  closeLast();
}

/** For the element around a list whose rows have buttons or checkboxes in them. */
export const KEYS_FIRST = { 'data-keys-first': '' };

/** Whether an event comes from within a row of such a list, which keeps all keys from bubbling up. */
function isInRow(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || target.role === 'row') return false;
  // The places where what is dragged can be dropped are rows too, without a key.
  const list = target.closest('[role="row"][data-key]')?.closest('[data-keys-first]') ?? null;
  // Whoever drags by keys has all of them for that: Escape ends the drag, and nothing else.
  return list !== null && list.querySelector('[data-dragging]') === null;
}

/** Listens to the keys; the page calls it once. */
export function startShortcuts(): void {
  // Asked before the field closes it by the same key.
  let hadOpenList = false;
  // Components keep the keys that they know from bubbling up, and some all of them. Combinations come before them,
  const onCapture = (event: KeyboardEvent) => {
    hadOpenList = hasOpenList(event.target);
    const isFirst = isInRow(event.target);
    runOf(event, (shortcut) => isFirst || !isSingleKey(shortcut));
    if (isFirst) closeByEscape(event);
  };
  // and single keys after them: Delete removes a tag where one has the focus.
  const onBubble = (event: KeyboardEvent) => {
    runOf(event, isSingleKey);
    if (!hadOpenList) closeByEscape(event);
  };
  document.addEventListener('keydown', onCapture, { capture: true });
  document.addEventListener('keydown', onBubble);
}
