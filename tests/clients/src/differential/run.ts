// Sends documents with variables to the service and to graphql-js, and expects that what the one
// accepts and refuses, the other does too.
import assert from "node:assert/strict";
import { parse } from "graphql";
import { brokenRules } from "./broken-rules";
import { compareAll, report } from "./compare";
import { deviations } from "./deviations";
import { generate } from "./generate";
import { mutateDocument } from "./mutate-document";
import { mutateText } from "./mutate-text";
import { mutateVariables } from "./mutate-variables";
import { Random } from "./random";
import { breakableRules, judge, nameOf, schema } from "./reference";
import type { GraphqlRequest } from "./request";
import { chosen, sound, soundVariables } from "./sound";
import { texts } from "./syntax";
import { variableValues } from "./variable-values";

const seed = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);
const count = Number(process.env["DIFFERENTIAL_COUNT"] ?? 3000);
/** In how many documents each rule has to be the only one that is broken. */
const LEAST_PER_RULE = 5;
/** Disagreements that are shown; the first few tell most. */
const SHOWN_MAX = Number(process.env["DIFFERENTIAL_SHOWN"] ?? 10);

function generated(index: number): GraphqlRequest {
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

const written: readonly GraphqlRequest[] = [
  ...Object.values(brokenRules).flat().map((document) => ({ document, variables: "{}" })),
  ...sound.map((document) => ({ document, variables: "{}" })),
  ...texts.map((document) => ({ document, variables: "{}" })),
  ...[...soundVariables, ...variableValues].map(([document, variables]) => ({ document, variables })),
  ...chosen,
  ...deviations.flatMap(({ examples }) => examples),
];
const requests = [...written, ...Array.from({ length: count }, (_, index) => generated(index))];
const comparisons = await compareAll(requests);


const differing = comparisons.filter(({ agree }) => !agree);
const shown = differing.slice(0, SHOWN_MAX).map(report).join("\n\n");
assert.equal(differing.length, 0, `${differing.length} of ${requests.length} differ:\n\n${shown}`);

// A row of the table that no longer tells of a difference is to go.
const withoutDeviation = new Set(deviations.flatMap(({ examples }) => examples));
for (const { request, deviation } of comparisons) {
  if (deviation) {
    withoutDeviation.delete(request);
  }
}
assert.deepEqual([...withoutDeviation], []);

// The table of rules says the truth, and each rule was put to the test alone.
for (const [rule, documents] of Object.entries(brokenRules)) {
  for (const document of documents) {
    assert.deepEqual(judge({ document, variables: "{}" }).brokenRules, [rule], document);
  }
}
const alone = breakableRules.map((rule) => ({
  rule: nameOf(rule),
  documents: comparisons.filter(
    ({ brokenRules }) => brokenRules.length === 1 && brokenRules[0] === nameOf(rule),
  ).length,
}));
const least = Math.min(...alone.map(({ documents }) => documents));
assert(least >= LEAST_PER_RULE, `Rules were broken alone too seldom: ${JSON.stringify(alone)}`);
// Half of the requests and more would be of no use if all of the other kind were refused.
const acceptedCount = comparisons.filter(({ service }) => service.kind === "accepted").length;
assert(acceptedCount * 4 > requests.length && acceptedCount * 4 < requests.length * 3);

console.log(
  `passed: differential: ${requests.length} of ${requests.length} documents agree, ` +
    `each rule alone at least ${least} times`,
);
