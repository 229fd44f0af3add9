import { useEffect, type ReactNode } from 'react';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { useMessages } from '../../messages/Messages';
import type { IconName } from '../../ui/Icon';
import './DirectoryList.css';

export interface DirectoryListProps {
  label: string;
  icon: IconName;
  /** How many there are, in words. */
  countText: string;
  rows: readonly ReactNode[];
  /** The text that is looked for. */
  find: string;
  onFindAll: () => void;
  create: ReactNode;
  words: {
    empty: string;
    emptyText: string;
    nothingFound: string;
    nothingFoundText: (text: string) => string;
    clearFind: string;
  };
  hasNext: boolean;
  isLoadingNext: boolean;
  onNext: () => void;
}

/** The rows of a list, or what to do if there are none. */
export function DirectoryList(props: DirectoryListProps) {
  const { label, icon, countText, rows, find, onFindAll, create, words, hasNext, isLoadingNext, onNext } = props;
  const t = useMessages();
  const text = find.trim();
  const isFinding = text !== '';
  useEffect(() => {
    if (isFinding) announce(countText);
  }, [countText, isFinding]);
  if (rows.length === 0) {
    return isFinding ? (
      <EmptyState
        icon="search"
        title={words.nothingFound}
        action={<Button onPress={onFindAll}>{words.clearFind}</Button>}
      >
        {words.nothingFoundText(text)}
      </EmptyState>
    ) : (
      <EmptyState icon={icon} title={words.empty} action={create}>
        {words.emptyText}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="directory-list" aria-label={label}>
        {rows}
      </ul>
      <footer className="directory-list-foot">
        <p>{countText}</p>
        {hasNext && (
          <Button isBusy={isLoadingNext} onPress={onNext}>
            {t.directory.more}
          </Button>
        )}
      </footer>
    </>
  );
}
