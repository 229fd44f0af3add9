// The token is kept for the browser tab only: not in localStorage, a cookie or the URL of a request.

const KEY = 'crm-steps:token';
const SIGNED_OUT = 'crm-steps:signed-out';

/** Stores the token of `#token=crm_…`, and removes the fragment from the address bar. Returns whether there was one. */
export function takeTokenFromAddress(): boolean {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (token === null) return false;
  window.history.replaceState(null, '', window.location.pathname + window.location.search);
  keepToken(token.trim());
  return true;
}

export function keptToken(): string | null {
  return sessionStorage.getItem(KEY);
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

/** Deletes the token, the tabs and the history. */
export function signOut(): void {
  sessionStorage.clear();
  sessionStorage.setItem(SIGNED_OUT, '');
  // Also clears what the editors have in memory.
  window.location.reload();
}

/** Deletes everything of this organization, and opens the console with a token of another one. */
export function signInElsewhere(token: string): void {
  sessionStorage.clear();
  keepToken(token);
  window.location.assign('/console/');
}

/** Deletes what GraphiQL stored with a delay between `signOut` and the end of the page before this one. */
export function finishSignOut(): void {
  if (sessionStorage.getItem(SIGNED_OUT) !== null) sessionStorage.clear();
}
