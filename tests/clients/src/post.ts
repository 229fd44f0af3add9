// Sends GraphQL requests unchanged, without a client that would validate them.
import { headers, serviceUrl } from "./service";

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly ServiceError[];
}

export interface ServiceError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string };
}

/**
 * Sends the variables as JSON text, so that 1.0 and 1e2 keep their notation. The answer to a subscription
 * that starts has no data yet.
 */
export async function post(
  document: string,
  variables: string,
  operationName?: string,
): Promise<Answer> {
  const name =
    operationName === undefined ? "" : `"operationName":${JSON.stringify(operationName)},`;
  const response = await fetch(serviceUrl, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: `{"query":${JSON.stringify(document)},${name}"variables":${variables}}`,
  });
  if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
    await response.body?.cancel();
    return { data: null };
  }
  return (await response.json()) as Answer;
}

const refusals = ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"];

/** Whether the request was rejected before execution. */
export const wasRefused = ({ data, errors }: Answer) =>
  data === undefined && errors?.[0] !== undefined && refusals.includes(errors[0].extensions.code);
