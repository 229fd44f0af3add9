// The verdict of the running service on a request.
import { isScalarType, isSpecifiedScalarType } from "graphql";
import { post, wasRefused, type ServiceError } from "../post";
import { schema } from "./reference";
import { accepted, refused, tooLarge, type GraphqlRequest, type Verdict } from "./request";

/** A response without data is a rejection before execution; with data, errors are those of fields. */
export async function ask(request: GraphqlRequest): Promise<Verdict> {
  const answer = await post(request.document, request.variables, request.operationName);
  const { data, errors = [] } = answer;
  const [error] = errors;
  if (error && data === undefined) {
    if (isWrongCursor(error)) {
      return accepted;
    }
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
 * Whether an error is one that validation cannot find: arguments out of range, cursors of other lists,
 * and values of custom scalars. All other errors must be found before execution.
 */
function isOfField({ path, message, extensions }: ServiceError): boolean {
  const [, type] = /^(?:Expected input type|Failed to parse) "(\w+)/.exec(message) ?? [];
  const isKnown = ["BAD_USER_INPUT", "QUERY_TOO_LARGE"].includes(extensions.code);
  return path !== undefined && isKnown && (type === undefined || customScalars.includes(type));
}

/** Whether a subscription does not start because of its cursor, which validation does not look at. */
const isWrongCursor = ({ message }: ServiceError) =>
  message.startsWith("after is not a cursor of the history");

const customScalars = Object.values(schema.getTypeMap())
  .filter((type) => isScalarType(type) && !isSpecifiedScalarType(type))
  .map(({ name }) => name);
