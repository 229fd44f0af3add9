import { Collection, ListBox, ListBoxItem, ListBoxLoadMoreItem } from 'react-aria-components/ListBox';
import { useMessages } from '../messages/Messages';
import type { Found } from './combo';
import { Icon } from './Icon';
import { Spinner } from './Spinner';

/** The list of ComboField and MultiComboField, with what it says while it loads, when it failed and when nothing is found. */
export function ComboOptions({ found }: { found: Found }) {
  const t = useMessages();
  return (
    <ListBox
      className="options"
      renderEmptyState={() => (
        <div className="options-note">
          {found.error !== undefined ? t.ui.optionsFailed : found.isLoading ? t.ui.loading : t.ui.noOptions}
        </div>
      )}
    >
      <Collection items={found.items}>
        {(item) => (
          <ListBoxItem id={item.id} textValue={item.label} className="options-item">
            <span className="options-text" translate="no">
              {item.label}
              {item.description !== undefined && <span className="options-description">{item.description}</span>}
            </span>
            <span className="options-check">
              <Icon name="check" />
            </span>
          </ListBoxItem>
        )}
      </Collection>
      <ListBoxLoadMoreItem
        onLoadMore={found.loadMore}
        isLoading={found.loadingState === 'loadingMore'}
        className="options-note"
      >
        <Spinner />
      </ListBoxLoadMoreItem>
    </ListBox>
  );
}
