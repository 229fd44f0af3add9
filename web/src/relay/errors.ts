import type { PayloadError } from 'relay-runtime';

/** Why a request failed, as far as the console tells these apart. */
export type FailureKind =
  /** No answer: no network, or no service. */
  | 'offline'
  /** 503 or another answer of a proxy: the service is there again in a moment. */
  | 'unavailable'
  /** 429. */
  | 'rateLimited'
  /** 401: the token is not valid any more. */
  | 'signedOut'
  /** The token lacks a scope. */
  | 'forbidden'
  /** The service does not know the document: it has another version than this page. */
  | 'otherVersion'
  /** No answer within the time limit, the page's or the service's. */
  | 'timeout'
  | 'failed';

interface FailureDetails {
  code?: string | undefined;
  requestId?: string | undefined;
  retryAfterSeconds?: number | undefined;
  field?: string | undefined;
  cause?: unknown;
}

/** A request that has no result. Violated rules are no failures: they are data, `userErrors`. */
export class RequestFailed extends Error {
  readonly kind: FailureKind;
  /** `extensions.code` of the first error. */
  readonly code: string | undefined;
  /** The id under which the log of the service has the request. */
  readonly requestId: string | undefined;
  /** How long the service asks to wait. */
  readonly retryAfterSeconds: number | undefined;
  /** The path of the field that failed, if others of the response did not. */
  readonly field: string | undefined;
  /** Set by what keeps the failed result: forgets it, so that rendering again sends the request again. */
  forget: (() => void | Promise<void>) | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'RequestFailed';
    this.kind = kind;
    this.code = details.code;
    this.requestId = details.requestId;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.field = details.field;
  }

  /** Forgets the failed result, and tells those that show the failure that it is worth to try again. */
  async retry(): Promise<void> {
    await this.forget?.();
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls the listener at each `retry`; returns what ends it. */
  onRetry(listener: () => void): () => void {
    this.#listeners.add(listener);
    shown.add(this);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) shown.delete(this);
    };
  }
}

/** The failures that something shows. */
const shown = new Set<RequestFailed>();

/** Tries everything again that shows a failure. */
export function retryShown(): void {
  for (const failure of [...shown]) void failure.retry();
}

/** An error of a GraphQL response. */
export interface ResponseError extends PayloadError {
  extensions?: { code?: unknown; requestId?: unknown } | undefined;
}

const KIND_OF_CODE: Readonly<Record<string, FailureKind>> = {
  UNAUTHENTICATED: 'signedOut',
  FORBIDDEN: 'forbidden',
  PERSISTED_QUERY_NOT_FOUND: 'otherVersion',
  PERSISTED_QUERY_NOT_SUPPORTED: 'otherVersion',
  RATE_LIMITED: 'rateLimited',
  TOO_MANY_OPERATIONS: 'rateLimited',
  OVERLOADED: 'unavailable',
  TIMEOUT: 'timeout',
};

function kindOfStatus(status: number): FailureKind {
  switch (status) {
    case 401:
      return 'signedOut';
    case 403:
      return 'forbidden';
    case 429:
      return 'rateLimited';
    case 502:
    case 503:
    case 504:
      return 'unavailable';
    default:
      return 'failed';
  }
}

/** The failure that an error of a response describes. */
export function failureOf(error: ResponseError, response?: Response): RequestFailed {
  const code = text(error.extensions?.code);
  const kind = (code !== undefined && KIND_OF_CODE[code]) || kindOfStatus(response?.status ?? 200);
  return new RequestFailed(kind, error.message, {
    code,
    requestId: text(error.extensions?.requestId) ?? response?.headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: response && retryAfter(response),
    field: error.path?.join('.'),
  });
}

/** The failure of a response without GraphQL errors, as proxies and the layers before GraphQL send it. */
export function failureOfStatus(response: Response): RequestFailed {
  return new RequestFailed(kindOfStatus(response.status), `The response has the status ${response.status}.`, {
    requestId: response.headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: retryAfter(response),
  });
}

/** The failure of a request without a response. */
export function failureOfRequest(cause: unknown): RequestFailed {
  return cause instanceof DOMException && cause.name === 'TimeoutError'
    ? new RequestFailed('timeout', 'There was no response in time.', { cause })
    : new RequestFailed('offline', 'The service does not respond.', { cause });
}

/** Any thrown thing as a failure. */
export function toFailure(error: unknown): RequestFailed {
  if (error instanceof RequestFailed) return error;
  return new RequestFailed('failed', error instanceof Error ? error.message : String(error), { cause: error });
}

/** `Retry-After` in seconds; the service sends no dates. */
function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
