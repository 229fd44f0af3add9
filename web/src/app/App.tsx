import { lazy, Suspense, useSyncExternalStore } from 'react';
import { RelayEnvironmentProvider } from 'react-relay/hooks';
import type { IEnvironment } from 'relay-runtime';
import { Router } from 'wouter';
import type { Messages } from '../messages/en';
import type { Language } from '../messages/language';
import { MessagesProvider } from '../messages/Messages';
import type { ConnectionStore } from '../relay/connection';
import { Frame } from './Frame';
import { Routes } from './Routes';
import { SessionProvider, type Session } from './session';
import { useSettings } from './settings';
import { Unreachable } from './Unreachable';

const SignInPage = lazy(() => import('../features/sign-in/SignInPage'));
const SignedOutDialog = lazy(() => import('../features/sign-in/SignedOutDialog'));

interface Props {
  session: Session;
  connection: ConnectionStore;
  environment: IEnvironment;
  /** The messages that were loaded before anything was drawn. */
  initial: { language: Language; messages: Messages };
}

/** The console. */
export function App({ initial, ...props }: Props) {
  const { language } = useSettings();
  return (
    <MessagesProvider language={language} initial={initial}>
      <Router base="/console">
        <Console {...props} />
      </Router>
    </MessagesProvider>
  );
}

function Console({ session, connection, environment }: Omit<Props, 'initial'>) {
  const state = useSyncExternalStore(session.subscribe, () => session.state);
  const onToken = (token: string) => void session.signIn(token);
  const onSwitch = (token: string) => session.switchTo(token);
  if (state.is === 'opening') return null;
  if (state.is === 'unreachable') return <Unreachable failure={state.failure} onRetry={session.checkAgain} />;
  if (state.is === 'signedOut') {
    return (
      <Suspense>
        <SignInPage {...state} onToken={onToken} onSwitch={onSwitch} />
      </Suspense>
    );
  }
  const { viewer, interrupted } = state;
  return (
    <RelayEnvironmentProvider environment={environment}>
      <SessionProvider viewer={viewer} signOut={session.signOut}>
        <Frame connection={connection}>
          <Routes />
        </Frame>
        {interrupted && (
          <Suspense>
            <SignedOutDialog
              organization={viewer.organization.name}
              {...interrupted}
              onToken={onToken}
              onSwitch={onSwitch}
              onSignOut={session.signOut}
            />
          </Suspense>
        )}
      </SessionProvider>
    </RelayEnvironmentProvider>
  );
}
