// The verdict of graphql-js, the reference implementation, on a request before its execution.
import {
  GraphQLScalarType,
  buildSchema,
  getOperationAST,
  getVariableValues,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from "graphql";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { accepted, refused, type GraphqlRequest, type Verdict } from "./request";

const sdl = readFileSync(new URL("../../../../schema.graphql", import.meta.url), "utf8");
export const schema: GraphQLSchema = buildSchema(sdl);

// Of a schema in text, graphql-js accepts any value for a custom scalar. This one has values that a client can get wrong.
const { parseValue, parseLiteral } = new GraphQLScalarType({
  name: "DateTime",
  parseValue: (value) => {
    assert(isDateTime(value), "It is no date-time.");
    return value;
  },
});
Object.assign(schema.getType("DateTime")!, { parseValue, parseLiteral });

/** Whether this is a `date-time` of RFC 3339, section 5.6. */
function isDateTime(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const [, year, month, day] =
    /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[-+]([01]\d|2[0-3]):[0-5]\d)$/i.exec(
      value,
    ) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

export const nameOf = (rule: ValidationRule) => rule.name;

export interface Judgement {
  readonly verdict: Verdict;
  /** The rules that the document breaks, each found by running it alone. */
  readonly brokenRules: readonly string[];
}

export function judge({ document, variables, operationName }: GraphqlRequest): Judgement {
  const parsed = attempt(() => parse(document));
  if (parsed instanceof Error) {
    return { verdict: refused(parsed.message), brokenRules: [] };
  }
  const [error] = errorsOf(parsed, specifiedRules);
  if (error) {
    return { verdict: refused(error.message), brokenRules: rulesBrokenBy(parsed) };
  }
  const operation = getOperationAST(parsed, operationName);
  if (!operation) {
    return { verdict: refused("The operation is unknown."), brokenRules: [] };
  }
  const inputs: Record<string, unknown> = JSON.parse(variables);
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], inputs);
  const verdict = errors?.[0] ? refused(errors[0].message) : accepted;
  return { verdict, brokenRules: [] };
}

function rulesBrokenBy(document: DocumentNode): string[] {
  return specifiedRules.filter((rule) => errorsOf(document, [rule]).length > 0).map(nameOf);
}

function errorsOf(document: DocumentNode, rules: readonly ValidationRule[]): readonly Error[] {
  const errors = attempt(() => validate(schema, document, rules));
  // The rule of subscriptions throws where @skip or @include of their root field has a variable.
  return errors instanceof Error ? [errors] : errors;
}

function attempt<Value>(action: () => Value): Value | Error {
  try {
    return action();
  } catch (error) {
    return error as Error;
  }
}
