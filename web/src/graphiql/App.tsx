import { Suspense, lazy, useCallback, useEffect, useState } from 'react';
import { TokenRejected, askViewer, type Viewer } from './api';
import { SignIn } from './SignIn';
import { forgetToken, keepToken, keptToken, signOut } from '../app/token';

const Editor = lazy(async () => {
  const editor = await import('./Editor');
  // The editor measures its font once. Without this font it uses one of the system.
  await document.fonts.load('15px "Fira Code"').catch(() => []);
  return editor;
});

type State =
  | { is: 'signed out'; problem?: string }
  | { is: 'checking'; token: string }
  | { is: 'signed in' };

interface Session {
  token: string;
  viewer: Viewer;
}

function firstState(): State {
  const token = keptToken();
  return token === null ? { is: 'signed out' } : { is: 'checking', token };
}

export function App() {
  const [state, setState] = useState(firstState);
  const [session, setSession] = useState<Session | null>(null);

  const refuse = useCallback((error: Error) => {
    // If the service does not respond, the token is kept and tried again after a reload.
    if (error instanceof TokenRejected) forgetToken();
    setState({ is: 'signed out', problem: error.message });
  }, []);

  const unchecked = state.is === 'checking' ? state.token : null;
  useEffect(() => {
    if (unchecked === null) return;
    askViewer(unchecked).then((viewer) => {
      keepToken(unchecked);
      setSession({ token: unchecked, viewer });
      setState({ is: 'signed in' });
    }, refuse);
  }, [unchecked, refuse]);

  return (
    <>
      {state.is === 'signed out' && (
        <SignIn
          problem={state.problem}
          onToken={(token) => setState({ is: 'checking', token })}
        />
      )}
      {state.is === 'checking' && <Waiting for="Signing in…" />}
      {/* Hidden behind the form when the token becomes invalid, so that no work is lost. */}
      {session && (
        <Workplace session={session} hidden={state.is !== 'signed in'} onRejected={refuse} />
      )}
    </>
  );
}

interface WorkplaceProps {
  session: Session;
  hidden: boolean;
  onRejected: (rejection: TokenRejected) => void;
}

function Workplace({ session, hidden, onRejected }: WorkplaceProps) {
  return (
    <div className="workplace" hidden={hidden}>
      <header>
        <h1>crm-steps</h1>
        <p>
          Signed in to <strong>{session.viewer.organization}</strong>, as{' '}
          <strong>{session.viewer.tokenName}</strong>
        </p>
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      </header>
      <main>
        <Suspense fallback={<Waiting for="Opening the editor…" />}>
          <Editor token={session.token} onRejected={onRejected} />
        </Suspense>
      </main>
    </div>
  );
}

function Waiting(props: { for: string }) {
  return (
    <p className="waiting" role="status">
      {props.for}
    </p>
  );
}
