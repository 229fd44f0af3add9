import { useContext, useMemo } from 'react';
import { ComboBoxStateContext } from 'react-aria-components/ComboBox';
import { OverlayTriggerStateContext } from 'react-aria-components/Dialog';
import { Collection, ListBox, ListBoxItem, ListBoxLoadMoreItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { useMessages } from '../messages/Messages';
import type { Found } from './combo';
import { Icon } from './Icon';
import { Spinner } from './Spinner';

/** What opens below ComboField and MultiComboField. It closes when the field is scrolled away from it. */
export function ComboPopover({ found }: { found: Found }) {
  const state = useContext(ComboBoxStateContext);
  // React Aria's `close` takes the text back that is typed, as when the field is left: here the focus stays in it.
  const popover = useMemo(() => state && { ...state, close: () => state.setOpen(false) }, [state]);
  return (
    <OverlayTriggerStateContext value={popover}>
      <Popover className="options-popover">
        <ComboOptions found={found} />
      </Popover>
    </OverlayTriggerStateContext>
  );
}

/** The list, with what it says while it loads, when it failed and when nothing is found. */
function ComboOptions({ found }: { found: Found }) {
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
