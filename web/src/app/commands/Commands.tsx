import { lazy, Suspense, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { useMessages } from '../../messages/Messages';
import { paths } from '../routes';
import { useSession } from '../session';
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
  const { signOut } = useSession();
  const [open, setOpen] = useState<Open>(null);
  useEffect(() => {
    show = setOpen;
  }, []);
  const inConsole = { section: t.app.console, isGlobal: true };
  useAction({
    ...inConsole,
    id: 'commands',
    label: t.app.commands,
    shortcut: 'mod+k',
    inFields: true,
    isHidden: true,
    run: () => setOpen('palette'),
  });
  useAction({ ...inConsole, id: 'shortcuts', label: t.app.shortcuts, shortcut: '?', run: () => setOpen('shortcuts') });
  useAction({ ...inConsole, id: 'settings', label: t.app.settings, run: () => setOpen('settings') });
  useAction({ ...inConsole, id: 'sign-out', label: t.app.signOut, run: signOut });
  useGoTo('pipelines', t.app.pipelines, paths.pipelines());
  useGoTo('people', t.app.people, paths.people());
  useGoTo('agents', t.app.agents, paths.agents());
  useGoTo('plan', t.app.planFromFile, paths.plan());
  const close = () => setOpen(null);
  return (
    <Suspense>
      {open === 'palette' && <Palette onClose={close} />}
      {open === 'shortcuts' && <ShortcutList onClose={close} />}
      {open === 'settings' && <SettingsDialog onClose={close} />}
    </Suspense>
  );
}

function useGoTo(id: string, label: string, path: string): void {
  const t = useMessages();
  const [, navigate] = useLocation();
  useAction({ id: `go.${id}`, label, section: t.app.goTo, isGlobal: true, run: () => navigate(path) });
}
