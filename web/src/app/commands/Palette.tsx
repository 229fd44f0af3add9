import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useMessages } from '../../messages/Messages';
import { announce } from '../../ui/announce';
import { Icon } from '../../ui/Icon';
import { Keys } from '../../ui/Keys';
import { Layer } from '../../ui/layer';
import { type Action, useActions } from '../shortcuts';
import { found, sectionsOf } from './search';
import './Palette.css';

/** All that can be done on the screen, found by its name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useMessages();
  return (
    <ModalOverlay isOpen onOpenChange={(isOpen) => !isOpen && onClose()} isDismissable className="palette-scrim">
      <Modal className="palette">
        <Dialog aria-label={t.app.commands} className="palette-dialog">
          <Layer onEscape={onClose}>
            <Search onClose={onClose} />
          </Layer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A combobox with its list. React Aria's would be part of the board's first load, which has parts of it in common. */
function Search({ onClose }: { onClose: () => void }) {
  const t = useMessages();
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const actions = useActions();
  const [query, setQuery] = useState('');
  const [current, setCurrent] = useState(0);
  const sections = useMemo(() => {
    const offered = actions.filter(({ isEnabled, isHidden }) => isEnabled !== false && isHidden !== true);
    return sectionsOf(found(offered, query), t.commands.screen);
  }, [actions, query, t]);
  const shown = sections.flatMap((section) => section.actions);
  const count = shown.length;
  useEffect(() => {
    if (query !== '') announce(count === 0 ? t.commands.nothing : t.commands.found(count));
  }, [count, query, t]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const idOf = (action: Action | undefined) => (action === undefined ? undefined : `${listId}-${action.id}`);
  const choose = (action: Action | undefined) => {
    if (action === undefined) return;
    onClose();
    action.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') choose(shown[current]);
    else if (event.key === 'ArrowDown') setCurrent((current + 1) % Math.max(count, 1));
    else if (event.key === 'ArrowUp') setCurrent((current + count - 1) % Math.max(count, 1));
    else if (event.key === 'PageDown') setCurrent(Math.max(count - 1, 0));
    else if (event.key === 'PageUp') setCurrent(0);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="palette-search">
        <Icon name="search" />
        <input
          className="palette-input"
          role="combobox"
          aria-label={t.commands.search}
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={listId}
          aria-activedescendant={idOf(shown[current])}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          placeholder={t.commands.search}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setCurrent(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id={listId} role="listbox" aria-label={t.app.commands} className="palette-list">
        {sections.map((section) => (
          <div key={section.title} role="group" aria-label={section.title}>
            <div className="palette-title" role="presentation">
              {section.title}
            </div>
            {section.actions.map((action) => (
              <div
                key={action.id}
                id={idOf(action)}
                role="option"
                aria-selected={action === shown[current]}
                className="palette-option"
                onPointerMove={() => setCurrent(shown.indexOf(action))}
                // The field keeps the focus.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => choose(action)}
              >
                <span className="palette-label">{action.label}</span>
                {action.shortcut !== undefined && <Keys shortcut={action.shortcut} />}
              </div>
            ))}
          </div>
        ))}
        {count === 0 && <div className="palette-nothing">{t.commands.nothing}</div>}
      </div>
    </>
  );
}
