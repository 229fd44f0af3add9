import { lazy, Suspense, useEffect, useState } from 'react';
import { useMessages } from '../../messages/Messages';
import { useAction } from '../shortcuts';

const Palette = lazy(() => import('./Palette'));
const ShortcutList = lazy(() => import('./ShortcutList'));
const SettingsDialog = lazy(() => import('./SettingsDialog'));

type Open = 'palette' | 'shortcuts' | 'settings' | null;

let show: (open: Open) => void = () => undefined;

/** Opens the settings, for the menus that have them. */
export function openSettings(): void {
  show('settings');
}

/** Opens the list of shortcuts, for the menus that have it. */
export function openShortcuts(): void {
  show('shortcuts');
}

/** What can be done on each screen: search all commands, see their keys, change the settings. The frame draws it once. */
export function Commands() {
  const t = useMessages();
  const [open, setOpen] = useState<Open>(null);
  useEffect(() => {
    show = setOpen;
  }, []);
  useAction({
    id: 'commands',
    label: t.app.commands,
    shortcut: 'mod+k',
    inFields: true,
    isHidden: true,
    run: () => setOpen('palette'),
  });
  useAction({ id: 'shortcuts', label: t.app.shortcuts, shortcut: '?', run: () => setOpen('shortcuts') });
  useAction({ id: 'settings', label: t.app.settings, run: () => setOpen('settings') });
  const close = () => setOpen(null);
  return (
    <Suspense>
      {open === 'palette' && <Palette onClose={close} />}
      {open === 'shortcuts' && <ShortcutList onClose={close} />}
      {open === 'settings' && <SettingsDialog onClose={close} />}
    </Suspense>
  );
}
