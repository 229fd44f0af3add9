import type { RequestParameters } from 'relay-runtime';
import { failureOf, failureOfRequest, failureOfStatus, RequestFailed, type ResponseError } from './errors';

/** As long as the service itself lets a request take. */
const TIME_LIMIT_MS = 30_000;

/** A response that has data, and perhaps errors of some of its fields. */
export interface ResponseWithData {
  data: Record<string, unknown>;
  errors?: ResponseError[];
  extensions?: Record<string, unknown>;
}

/**
 * Sends a document by its hash. Everything but a response with data is thrown as `RequestFailed`; the payload of a
 * mutation counts as data.
 */
export async function post(
  token: string,
  document: Pick<RequestParameters, 'id' | 'name' | 'operationKind'>,
  variables: object,
): Promise<ResponseWithData> {
  // Headers, and therefore tokens, can have only these characters.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new RequestFailed('signedOut', 'This cannot be a token.');
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json',
    },
    body: JSON.stringify({
      operationName: document.name,
      variables,
      extensions: { persistedQuery: { version: 1, sha256Hash: document.id } },
    }),
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  }).catch((cause: unknown) => {
    throw failureOfRequest(cause);
  });
  const body = await bodyOf(response);
  if (body === null) throw failureOfStatus(response);
  const { data, errors = [] } = body;
  if (isObject(data) && !(document.operationKind === 'mutation' && isEmpty(data))) return { ...body, data };
  const [first] = errors;
  throw first === undefined ? failureOfStatus(response) : failureOf(first, response);
}

/** The GraphQL response in the body; null if there is none. */
async function bodyOf(response: Response): Promise<(Partial<ResponseWithData> & { data?: unknown }) | null> {
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) return null;
  let body: unknown;
  try {
    body = await response.json();
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw failureOfRequest(cause);
  }
  return isObject(body) && ('data' in body || Array.isArray(body.errors)) ? body : null;
}

/** Whether no field has a value: a mutation whose payload is null has failed. */
function isEmpty(data: Record<string, unknown>): boolean {
  return Object.values(data).every((value) => value === null);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
