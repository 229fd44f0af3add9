// What the running service says to a request.
import { isScalarType, isSpecifiedScalarType } from "graphql";
import { post, wasRefused, type ServiceError } from "../post";
import { schema } from "./reference";
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
  const late = errors.find((error) => !isOfField(error));
  return late ? refused(`while executing, ${JSON.stringify(late)}`) : accepted;
}

/**
 * Whether an error is one of those that no validation finds: arguments out of range, cursors of
 * other lists, and values of custom scalars. Those of any other type were to be found before.
 */
function isOfField({ path, message, extensions }: ServiceError): boolean {
  const [, type] = /^(?:Expected input type|Failed to parse) "(\w+)/.exec(message) ?? [];
  const isKnown = ["BAD_USER_INPUT", "QUERY_TOO_LARGE"].includes(extensions.code);
  return path !== undefined && isKnown && (type === undefined || customScalars.includes(type));
}

const customScalars = Object.values(schema.getTypeMap())
  .filter((type) => isScalarType(type) && !isSpecifiedScalarType(type))
  .map(({ name }) => name);
