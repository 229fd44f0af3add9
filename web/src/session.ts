// The token lives as long as the browser tab: never in localStorage, a cookie or a request's address.

const KEY = 'crm-steps:token';

/** Takes the token out of `#token=crm_…`, and the fragment out of the address bar. */
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

/** Forgets the token, and the tabs and the history, for whoever comes next. */
export function signOut(): void {
  sessionStorage.clear();
  // What the editors still have in memory goes as well.
  window.location.reload();
}
