import { useSession } from '../../app/session';
import { useMessages } from '../../messages/Messages';
import { Picker, type PickerItem } from '../../ui/Picker';
import { ACTIONS, SINCE, type HistorySearch } from './filter';
import { nameOfAuthor, type Author } from './who';
import './HistoryFilters.css';

export interface HistoryFiltersProps {
  search: HistorySearch;
  /** Whose changes have been seen so far. */
  authors: readonly Author[];
  onChange: (search: HistorySearch) => void;
}

/** The id of the item that filters nothing: keys of a list are never null. */
const ALL = 'all';

/** Chooses the changes of a history by what was done, by whom and when. */
export function HistoryFilters({ search, authors, onChange }: HistoryFiltersProps) {
  const t = useMessages();
  const actions = [ALL, ...ACTIONS] as const;
  const times = [ALL, ...SINCE] as const;
  return (
    <div className="history-filters">
      <Picker
        label={t.history.action}
        items={actions.map((id) => ({ id, label: t.history.actions[id] }))}
        value={search.action ?? ALL}
        onChange={(action) => onChange({ ...search, action: action === ALL ? null : action })}
      />
      <Picker
        label={t.history.who}
        items={usePeople(authors, search.who)}
        value={search.who ?? ALL}
        onChange={(who) => onChange({ ...search, who: who === ALL ? null : who })}
      />
      <Picker
        label={t.history.since}
        items={times.map((id) => ({ id, label: t.history.times[id] }))}
        value={search.since ?? ALL}
        onChange={(since) => onChange({ ...search, since: since === ALL ? null : since })}
      />
    </div>
  );
}

/** Everybody, this token, the tokens that have been seen, and the one in the address. */
function usePeople(authors: readonly Author[], chosen: string | null): PickerItem<string>[] {
  const t = useMessages();
  const { viewer } = useSession();
  const labels = new Map<string, PickerItem<string>>([
    [ALL, { id: ALL, label: t.history.everyone }],
    [viewer.tokenId, { id: viewer.tokenId, label: t.history.you }],
  ]);
  for (const author of authors) {
    if (labels.has(author.tokenId)) continue;
    labels.set(author.tokenId, {
      id: author.tokenId,
      label: nameOfAuthor(t, author),
      isData: author.membership != null,
    });
  }
  if (chosen !== null && !labels.has(chosen)) labels.set(chosen, { id: chosen, label: t.history.tokenErased });
  return [...labels.values()];
}
