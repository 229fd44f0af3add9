import { createContext, use, type ReactNode } from 'react';
import { getRequest, graphql } from 'relay-runtime';
import type { sessionViewerQuery, sessionViewerQuery$data } from '../relay/__generated__/sessionViewerQuery.graphql';
import { RequestFailed, toFailure } from '../relay/errors';
import type { Credentials } from '../relay/environment';
import { post } from '../relay/post';
import { forgetToken, keepToken, keptToken, signInElsewhere, signOut } from './token';

/** The token of the session, what it may do, and the service behind it. */
export type Viewer = sessionViewerQuery$data['viewer'];

const VIEWER = graphql`
  query sessionViewerQuery {
    viewer {
      tokenId
      tokenName
      organization {
        id
        name
      }
      version
      scopes
      limits {
        maxBatch
        maxBodyBytes
        maxStepsPerScenario
        rateLimitPerMinute
      }
    }
  }
`;

/** Why a token was not taken. */
export type SignInProblem =
  | { is: 'failed'; failure: RequestFailed }
  /** It is a token of another organization than that of the page that it is for. */
  | { is: 'otherOrganization'; token: string; organization: string };

export type SessionState =
  /** The token of the tab is being checked, before anything is shown. */
  | { is: 'opening' }
  /** It could not be checked. It is kept, because nothing is wrong with it. */
  | { is: 'unreachable'; failure: RequestFailed }
  | { is: 'signedOut'; isChecking: boolean; problem: SignInProblem | undefined }
  | {
      is: 'signedIn';
      viewer: Viewer;
      /** The token was rejected meanwhile: the page stays, and asks for another one. */
      interrupted?: { isChecking: boolean; problem: SignInProblem | undefined } | undefined;
    };

const SIGNED_OUT: SessionState = { is: 'signedOut', isChecking: false, problem: undefined };

/** The session: its token and the state of signing in. It is outside of React, because requests need the token too. */
export class Session implements Credentials {
  #state: SessionState;
  #token: string;
  #renewals: ((token: string) => void)[] = [];
  #listeners = new Set<() => void>();
  #onReport: (failure: RequestFailed | null) => void;

  constructor(onReport: (failure: RequestFailed | null) => void) {
    this.#onReport = onReport;
    this.#token = keptToken() ?? '';
    this.#state = this.#token === '' ? SIGNED_OUT : { is: 'opening' };
    if (this.#token !== '') void this.signIn(this.#token);
  }

  get state(): SessionState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Checks a token, and goes on with it. */
  async signIn(token: string): Promise<void> {
    const before = this.#state;
    const viewer = before.is === 'signedIn' ? before.viewer : null;
    const ask = (isChecking: boolean, problem?: SignInProblem) =>
      this.#set(
        viewer === null
          ? { is: 'signedOut', isChecking, problem }
          : { is: 'signedIn', viewer, interrupted: { isChecking, problem } },
      );
    if (before.is !== 'opening' && before.is !== 'unreachable') ask(true);
    const problem = await this.#check(token, viewer);
    if (problem === null) return;
    const failure = problem.is === 'failed' ? problem.failure : null;
    if (failure?.kind === 'signedOut') forgetToken();
    const isOfToken = failure === null || failure.kind === 'signedOut' || failure.kind === 'forbidden';
    if (keptToken() === token && !isOfToken) this.#set({ is: 'unreachable', failure });
    else ask(false, problem);
  }

  /** Checks the token of the tab again. */
  readonly checkAgain = (): Promise<void> => this.signIn(this.#token);

  async #check(token: string, page: Viewer | null): Promise<SignInProblem | null> {
    let viewer: Viewer;
    try {
      const { data } = await post(token, getRequest(VIEWER).params, {});
      // The artifact of the document says of which type its data is.
      viewer = (data as sessionViewerQuery['response']).viewer;
    } catch (error) {
      return { is: 'failed', failure: toFailure(error) };
    }
    if (page !== null && viewer.organization.id !== page.organization.id) {
      return { is: 'otherOrganization', token, organization: viewer.organization.name };
    }
    this.#token = token;
    keepToken(token);
    this.#set({ is: 'signedIn', viewer });
    for (const renewed of this.#renewals.splice(0)) renewed(token);
    return null;
  }

  /** Leaves the page for the organization of another token; what was not stored is lost. */
  switchTo(token: string): void {
    signInElsewhere(token);
  }

  readonly signOut = signOut;

  token(): string {
    return this.#token;
  }

  renew(rejected: string): Promise<string> {
    if (rejected !== this.#token) return Promise.resolve(this.#token);
    const renewed = new Promise<string>((resolve) => this.#renewals.push(resolve));
    if (this.#state.is === 'signedIn' && this.#state.interrupted === undefined) {
      forgetToken();
      this.#set({ ...this.#state, interrupted: { isChecking: false, problem: undefined } });
    }
    return renewed;
  }

  report(failure: RequestFailed | null): void {
    this.#onReport(failure);
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

export interface SignedIn {
  viewer: Viewer;
  /** What the token may do. */
  can: { read: boolean; write: boolean; secrets: boolean };
  signOut: () => void;
}

const SessionContext = createContext<SignedIn | null>(null);

/** Gives the session to what is drawn of it. */
export function SessionProvider(props: { viewer: Viewer; signOut: () => void; children: ReactNode }) {
  const { viewer, signOut, children } = props;
  const can = {
    read: viewer.scopes.includes('READ'),
    write: viewer.scopes.includes('WRITE'),
    secrets: viewer.scopes.includes('SECRETS'),
  };
  return <SessionContext value={{ viewer, can, signOut }}>{children}</SessionContext>;
}

/** The session of the page: the token, its scopes, and how to sign out. */
export function useSession(): SignedIn {
  const session = use(SessionContext);
  if (session === null) throw new Error('There is no SessionProvider around this component.');
  return session;
}
