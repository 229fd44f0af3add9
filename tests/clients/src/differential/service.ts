// What the running service says to a request.
import { post, wasRefused } from "../post";
import { accepted, refused, tooLarge, type GraphqlRequest, type Verdict } from "./request";

/** An answer without data refuses before anything is executed; errors of fields come later. */
export async function ask(request: GraphqlRequest): Promise<Verdict> {
  const answer = await post(request.document, request.variables, request.operationName);
  const { data, errors = [] } = answer;
  const [error] = errors;
  if (error && data === undefined) {
    const reason = `${error.extensions.code}: ${error.message}`;
    if (wasRefused(answer)) {
      return refused(reason);
    }
    if (error.extensions.code === "QUERY_TOO_LARGE") {
      return tooLarge(reason);
    }
    throw new Error(reason);
  }
  const unexpected = errors.find(({ path, extensions }) => !path || !isOfField(extensions.code));
  if (unexpected) {
    throw new Error(`While executing: ${JSON.stringify(unexpected)}`);
  }
  return accepted;
}

/** Arguments out of range, unknown cursors and the values of custom scalars. */
const isOfField = (code: string) => code === "BAD_USER_INPUT" || code === "QUERY_TOO_LARGE";
