import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useMessages } from '../messages/Messages';
import type { ConnectionStore } from '../relay/connection';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { Menu } from '../ui/Menu';
import { Toasts } from '../ui/Toasts';
import { Trouble } from '../ui/trouble';
import { Commands, openSettings, openShortcuts } from './commands/Commands';
import { ConnectionBanner } from './ConnectionBanner';
import { paths } from './routes';
import { useSession } from './session';
import './Frame.css';

/** What is around every page: the bar with the links and the account, banners, and notices. */
export function Frame({ connection, children }: { connection: ConnectionStore; children: ReactNode }) {
  const t = useMessages();
  const trouble = useSyncExternalStore(connection.subscribe, () => kindOf(connection));
  return (
    <div className="frame">
      <a className="frame-skip" href="#content">
        {t.frame.skip}
      </a>
      <header className="frame-bar">
        <Link href={paths.pipelines()} className="frame-name">
          <Icon name="flow" />
          <span>{t.app.name}</span>
        </Link>
        <Navigation />
        <Account />
      </header>
      <section className="frame-banners" aria-label={t.frame.notices}>
        <ConnectionBanner connection={connection} />
        <ReadOnlyBanner />
      </section>
      <main id="content" tabIndex={-1}>
        <Trouble value={trouble}>{children}</Trouble>
      </main>
      <Commands />
      <Toasts />
    </div>
  );
}

function kindOf({ state }: ConnectionStore) {
  return state.is === 'troubled' ? state.failure.kind : null;
}

function Navigation() {
  const t = useMessages();
  const [path] = useLocation();
  const links = [
    // One pipeline is below them.
    { href: paths.pipelines(), label: t.app.pipelines, isAbove: path.startsWith('/pipelines/') },
    { href: paths.people(), label: t.app.people },
    { href: paths.agents(), label: t.app.agents },
    { href: paths.plan(), label: t.app.plan },
  ];
  return (
    <nav className="frame-navigation" aria-label={t.frame.mainNavigation}>
      <ul>
        {links.map(({ href, label, isAbove = false }) => (
          <li key={href}>
            <Link href={href} className="frame-link" aria-current={href === path ? 'page' : isAbove}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Account() {
  const t = useMessages();
  const { viewer, can, signOut } = useSession();
  const { tokenName, organization } = viewer;
  return (
    <Menu
      label={t.frame.account(organization.name, tokenName)}
      trigger={
        <Button variant="quiet" size="sm" iconAfter="chevronDown" className="frame-account">
          <span className="frame-organization" translate="no">
            {organization.name}
          </span>
          <span className="frame-token" translate="no">
            {tokenName}
          </span>
          {!can.write && <span className="frame-read-only">{t.frame.readOnly}</span>}
        </Button>
      }
      items={[
        { id: 'settings', label: t.app.settings, icon: 'settings', onAction: openSettings },
        { id: 'shortcuts', label: t.app.shortcuts, icon: 'keyboard', shortcut: '?', onAction: openShortcuts },
        { id: 'api', label: t.app.api, icon: 'code', onAction: () => window.location.assign('/graphiql') },
        '-',
        { id: 'sign-out', label: t.app.signOut, icon: 'exit', onAction: signOut },
      ]}
    />
  );
}

function ReadOnlyBanner() {
  const t = useMessages();
  const { can } = useSession();
  const [isClosed, setClosed] = useState(false);
  if (can.write || isClosed) return null;
  return (
    <Banner icon="lock" title={t.frame.readOnly} announced="none" onClose={() => setClosed(true)}>
      {t.frame.readOnlyText}
    </Banner>
  );
}
