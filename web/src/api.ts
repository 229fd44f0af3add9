import type { ExecutionResult } from 'graphql';

/** Whom a token stands for. */
export interface Viewer {
  organization: string;
  tokenName: string;
}

/** The service does not take the token. */
export class TokenRejected extends Error {
  constructor() {
    super('This token is not valid. It may be mistyped, cut off or revoked.');
  }
}

/** Sends an operation as it is, and gives back the answer as it is. */
export async function send(token: string, operation: object): Promise<ExecutionResult> {
  // A header takes nothing but these characters, and neither does a token.
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
    throw new Error('The service does not answer. Is it running?');
  });
  if (response.status === 401) throw new TokenRejected();
  try {
    return await response.json();
  } catch {
    throw new Error(`The service answered with the status ${response.status} and no JSON.`);
  }
}

/** Asks the service whom the token stands for. */
export async function askViewer(token: string): Promise<Viewer> {
  const { data, errors } = await send(token, {
    query: 'query SignIn { viewer { tokenName organization { name } } }',
  });
  const viewer = data?.viewer as { tokenName: string; organization: { name: string } } | undefined;
  // Among others: a token that may only write.
  if (!viewer) throw new Error(errors?.[0]?.message ?? 'The service did not say who is asking.');
  return { organization: viewer.organization.name, tokenName: viewer.tokenName };
}
