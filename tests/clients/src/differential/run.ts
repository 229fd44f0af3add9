// Sends documents with variables to the service and to graphql-js, and expects that both accept or both
// reject each of them.
import assert from "node:assert/strict";
import { brokenRules } from "./broken-rules";
import { compareAll, report } from "./compare";
import { deviations } from "./deviations";
import { specifiedRules } from "graphql";
import { judge, nameOf } from "./reference";
import { generated, written } from "./requests";

const seed = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);
const count = Number(process.env["DIFFERENTIAL_COUNT"] ?? 3000);
/** The fewest documents that break a rule alone, for each rule. */
const LEAST_PER_RULE = 5;
/** The most differences that are printed. */
const SHOWN_MAX = Number(process.env["DIFFERENTIAL_SHOWN"] ?? 10);

const requests = [
  ...written,
  ...Array.from({ length: count }, (_, index) => generated(seed, index)),
];
const comparisons = await compareAll(requests);

const differing = comparisons.filter(({ agree }) => !agree);
const shown = differing.slice(0, SHOWN_MAX).map(report).join("\n\n");
assert.equal(differing.length, 0, `${differing.length} of ${requests.length} differ:\n\n${shown}`);

// A deviation that no longer exists has to be removed from the table.
const withoutDeviation = new Set(deviations.flatMap(({ examples }) => examples));
for (const { request, deviation } of comparisons) {
  if (deviation) {
    withoutDeviation.delete(request);
  }
}
assert.deepEqual([...withoutDeviation], []);

// Each document of the table breaks its rule and no other, and each rule has enough of them.
for (const [rule, documents] of Object.entries(brokenRules)) {
  for (const document of documents) {
    assert.deepEqual(judge({ document, variables: "{}" }).brokenRules, [rule], document);
  }
}
const alone = specifiedRules.map((rule) => ({
  rule: nameOf(rule),
  documents: comparisons.filter(
    ({ brokenRules }) => brokenRules.length === 1 && brokenRules[0] === nameOf(rule),
  ).length,
}));
const least = Math.min(...alone.map(({ documents }) => documents));
assert(least >= LEAST_PER_RULE, `Rules that too few documents break alone: ${JSON.stringify(alone)}`);
// Both verdicts have to occur often.
const acceptedCount = comparisons.filter(({ service }) => service.kind === "accepted").length;
assert(acceptedCount * 4 > requests.length && acceptedCount * 4 < requests.length * 3);

console.log(
  `passed: differential: ${requests.length} of ${requests.length} documents agree, ` +
    `each rule alone at least ${least} times`,
);
