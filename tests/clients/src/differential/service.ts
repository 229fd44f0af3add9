// What the running service says to a request.
import { headers, serviceUrl } from "../service";
import { accepted, refused, tooLarge, type GraphqlRequest, type Verdict } from "./request";

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly ServiceError[];
}

interface ServiceError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string };
}

const refusals = ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"];

/** What an answer without data refuses before it executes anything; errors of fields come later. */
export async function ask(request: GraphqlRequest): Promise<Verdict> {
  const { data, errors = [] } = await post(request);
  const [error] = errors;
  if (error && data === undefined) {
    const { code } = error.extensions;
    if (code === "QUERY_TOO_LARGE") {
      return tooLarge(error.message);
    }
    if (!refusals.includes(code)) {
      throw new Error(`${code}: ${error.message}`);
    }
    return refused(`${code}: ${error.message}`);
  }
  const unexpected = errors.find(({ path, extensions }) => !path || !isOfField(extensions.code));
  if (unexpected) {
    throw new Error(`While executing: ${JSON.stringify(unexpected)}`);
  }
  return accepted;
}

/** Arguments out of range, unknown cursors and the values of custom scalars. */
const isOfField = (code: string) => code === "BAD_USER_INPUT" || code === "QUERY_TOO_LARGE";

export async function post(request: GraphqlRequest): Promise<Answer> {
  const { document, variables, operationName } = request;
  const name = operationName === undefined ? "" : `"operationName":${JSON.stringify(operationName)},`;
  const response = await fetch(serviceUrl, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: `{"query":${JSON.stringify(document)},${name}"variables":${variables}}`,
  });
  return (await response.json()) as Answer;
}
