// The requests that are compared: those of the tables, and any number of random ones.
import { parse } from "graphql";
import { brokenRules } from "./broken-rules";
import { deviations } from "./deviations";
import { generate } from "./generate";
import { mutateDocument } from "./mutate-document";
import { mutateText } from "./mutate-text";
import { mutateVariables } from "./mutate-variables";
import { Random } from "./random";
import { schema } from "./reference";
import type { GraphqlRequest } from "./request";
import { chosen, sound, soundVariables } from "./sound";
import { texts } from "./syntax";
import { variableValues } from "./variable-values";

/** A request determined by these two numbers: a valid one, or one with one or two changes. */
export function generated(seed: number, index: number): GraphqlRequest {
  const random = new Random(seed * 1_000_003 + index);
  const request = generate(schema, random);
  const { document, variables } = request;
  const changed = random.below(10);
  if (changed < 2) {
    return request;
  }
  const changes = random.chance(0.7) ? 1 : 2;
  if (changed < 5) {
    const tree = parse(document, { noLocation: true });
    return { ...request, document: mutateDocument(tree, changes, random) };
  }
  if (changed < 8) {
    return { ...request, variables: mutateVariables(variables, changes, random) };
  }
  if (changed < 9) {
    return { ...request, document: mutateText(document, changes, random) };
  }
  const tree = parse(document, { noLocation: true });
  return {
    ...request,
    document: mutateDocument(tree, 1, random),
    variables: mutateVariables(variables, 1, random),
  };
}

export const written: readonly GraphqlRequest[] = [
  ...Object.values(brokenRules)
    .flat()
    .map((document) => ({ document, variables: "{}" })),
  ...sound.map((document) => ({ document, variables: "{}" })),
  ...texts.map((document) => ({ document, variables: "{}" })),
  ...[...soundVariables, ...variableValues].map(([document, variables]) => ({
    document,
    variables,
  })),
  ...chosen,
  ...deviations.flatMap(({ examples }) => examples),
];
