import { useRef } from 'react';
import { useAsyncList } from 'react-aria-components/useAsyncList';

export interface ComboItem {
  id: string;
  /** Somebody's own word: the name of an agent, a person or a step. */
  label: string;
  description?: string | undefined;
}

/** Finds the things whose name has `text` in it, a page at a time. */
export type ComboLoad = (search: { text: string; cursor?: string | undefined; signal: AbortSignal }) => Promise<{
  items: readonly ComboItem[];
  /** Of the next page, if there is one. */
  cursor?: string | undefined;
}>;

/** What a field shows in its list. */
export type Found = ReturnType<typeof useFound>;

/**
 * The items that are found for the text of the field; a search that a newer one replaces is cancelled. Nothing is
 * searched before somebody opens the list: a form has several of these fields. Opening it again after a failure tries
 * again.
 */
export function useFound(load: ComboLoad) {
  const isWanted = useRef(false);
  const list = useAsyncList<ComboItem>({
    async load({ signal, cursor, filterText = '' }) {
      if (!isWanted.current) return { items: [] };
      if (filterText !== '' && cursor === undefined) await pause(signal);
      const { items, cursor: next } = await load({ text: filterText, cursor, signal });
      return { items, cursor: next };
    },
  });
  const onOpenChange = (isOpen: boolean) => {
    if (!isOpen || (isWanted.current && list.error === undefined)) return;
    isWanted.current = true;
    list.reload();
  };
  const search = (text: string) => {
    // Typing opens the list, too: to load it again then would be a search for the text of before.
    if (text !== '') isWanted.current = true;
    list.setFilterText(text);
  };
  return { ...list, onOpenChange, search };
}

/** Keys that follow each other within this time are one search. */
const TYPING_MS = 150;

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, TYPING_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
