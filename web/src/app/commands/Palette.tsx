import { useEffect, useMemo, useState } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { Dialog } from 'react-aria-components/Dialog';
import { Header } from 'react-aria-components/Header';
import { Input } from 'react-aria-components/Input';
import { ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { TextField } from 'react-aria-components/TextField';
import { useMessages } from '../../messages/Messages';
import { announce } from '../../ui/announce';
import { Icon } from '../../ui/Icon';
import { Keys } from '../../ui/Keys';
import { Layer } from '../../ui/layer';
import { useActions } from '../shortcuts';
import { found, sectionsOf } from './search';
import '../../ui/Options.css';
import './Palette.css';

/** All that can be done on the screen, found by its name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useMessages();
  const actions = useActions();
  const [query, setQuery] = useState('');
  const shown = useMemo(() => {
    const offered = actions.filter(({ isEnabled, isHidden }) => isEnabled !== false && isHidden !== true);
    return found(offered, query);
  }, [actions, query]);
  const count = shown.length;
  useEffect(() => {
    if (query !== '') announce(count === 0 ? t.commands.nothing : t.commands.found(count));
  }, [count, query, t]);
  return (
    <ModalOverlay isOpen onOpenChange={(isOpen) => !isOpen && onClose()} isDismissable className="palette-scrim">
      <Modal className="palette">
        <Dialog aria-label={t.app.commands} className="palette-dialog">
          <Layer>
            <Autocomplete inputValue={query} onInputChange={setQuery}>
              <TextField aria-label={t.commands.search} autoFocus className="palette-search">
                <Icon name="search" />
                <Input role="combobox" aria-expanded className="palette-input" placeholder={t.commands.search} />
              </TextField>
              <ListBox
                className="options palette-list"
                aria-label={t.app.commands}
                onAction={(id) => {
                  onClose();
                  shown.find((action) => action.id === id)?.run();
                }}
                renderEmptyState={() => <div className="options-note">{t.commands.nothing}</div>}
              >
                {sectionsOf(shown, t.commands.screen).map((section) => (
                  <ListBoxSection key={section.title} id={section.title}>
                    <Header className="palette-title">{section.title}</Header>
                    {section.actions.map(({ id, label, shortcut }) => (
                      <ListBoxItem key={id} id={id} textValue={label} className="options-item">
                        <span className="options-text">{label}</span>
                        {shortcut !== undefined && <Keys shortcut={shortcut} />}
                      </ListBoxItem>
                    ))}
                  </ListBoxSection>
                ))}
              </ListBox>
            </Autocomplete>
          </Layer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
