import type { ExecutionResult } from 'graphql';

/** The organization and the name of a token. */
export interface Viewer {
  organization: string;
  tokenName: string;
}

/** The service rejected the token. */
export class TokenRejected extends Error {
  constructor() {
    super('This token is not valid. It may be mistyped, cut off or revoked.');
  }
}

/** Sends an operation unchanged; returns the response unchanged. */
export async function send(token: string, operation: object): Promise<ExecutionResult> {
  // Headers, and therefore tokens, can have only these characters.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TokenRejected();
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json, application/json',
    },
    body: JSON.stringify(operation),
  }).catch(() => {
    throw new Error('The service does not respond. Is it running?');
  });
  return resultOf(response);
}

/** The body of a response. */
export async function resultOf(response: Response): Promise<ExecutionResult> {
  if (response.status === 401) throw new TokenRejected();
  try {
    return await response.json();
  } catch {
    throw new Error(`The service responded with the status ${response.status} and without JSON.`);
  }
}

/** Queries the organization and the name of the token. */
export async function askViewer(token: string): Promise<Viewer> {
  const { data, errors } = await send(token, {
    query: 'query SignIn { viewer { tokenName organization { name } } }',
  });
  const viewer = data?.viewer as { tokenName: string; organization: { name: string } } | undefined;
  // For example if the token may only write.
  if (!viewer) throw new Error(errors?.[0]?.message ?? 'The response has no viewer.');
  return { organization: viewer.organization.name, tokenName: viewer.tokenName };
}
