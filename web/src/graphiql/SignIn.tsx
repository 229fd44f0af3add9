import { useState, type FormEvent } from 'react';

interface Props {
  /** Why the last token was rejected. */
  problem?: string | undefined;
  onToken: (token: string) => void;
}

export function SignIn({ problem, onToken }: Props) {
  const [token, setToken] = useState('');

  function submit(event: FormEvent) {
    event.preventDefault();
    onToken(token.trim());
  }

  return (
    <main className="sign-in">
      <h1>crm-steps</h1>
      <form onSubmit={submit}>
        <label htmlFor="token">Access token</label>
        <input
          id="token"
          // Masked on the screen. Browsers should not store it as a password.
          type="password"
          autoComplete="off"
          autoFocus
          required
          placeholder="crm_…"
          value={token}
          onChange={(event) => setToken(event.target.value)}
          aria-invalid={problem !== undefined}
          aria-describedby="problem source"
        />
        <p id="problem" role="alert">
          {problem}
        </p>
        <button type="submit">Sign in</button>
        <p id="source">
          Each browser tab asks for the token once. The one that was printed when the service started for the first time
          can be pasted here again. To create another one, run{' '}
          <code>crm-steps token create --organization NAME</code>. NAME is the name of the organization, in quotes if it
          has spaces. A name that is not there yet makes a new one.
        </p>
      </form>
    </main>
  );
}
