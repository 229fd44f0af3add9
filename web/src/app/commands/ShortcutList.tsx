import { useMessages } from '../../messages/Messages';
import { Dialog } from '../../ui/Dialog';
import { ariaKeys, Keys } from '../../ui/Keys';
import { VisuallyHidden } from '../../ui/VisuallyHidden';
import { useSettings } from '../settings';
import { isSingleKey, useActions } from '../shortcuts';
import { sectionsOf } from './search';
import './ShortcutList.css';

/** The keys of all that can be done on the screen. */
export default function ShortcutList({ onClose }: { onClose: () => void }) {
  const t = useMessages();
  const { singleKeys } = useSettings();
  const actions = useActions().filter(({ shortcut }) => shortcut !== undefined);
  const areSomeOff = !singleKeys && actions.some(({ shortcut = '' }) => isSingleKey(shortcut));
  const listed = actions.filter(({ shortcut = '' }) => singleKeys || !isSingleKey(shortcut));
  return (
    <Dialog title={t.app.shortcuts} onClose={onClose}>
      <p className="shortcut-list-intro">{listed.length > 0 ? t.commands.shortcutsIntro : t.commands.noShortcuts}</p>
      {sectionsOf(listed, t.commands.screen).map((section) => (
        <section key={section.title}>
          <h3 className="shortcut-list-title">{section.title}</h3>
          <dl className="shortcut-list">
            {section.actions.map(({ id, label, shortcut = '' }) => (
              <div key={id} className="shortcut-list-row">
                <dt>{label}</dt>
                <dd>
                  <Keys shortcut={shortcut} />
                  <VisuallyHidden isData>{ariaKeys(shortcut)}</VisuallyHidden>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {areSomeOff && <p className="shortcut-list-intro">{t.commands.singleKeysOff}</p>}
    </Dialog>
  );
}
