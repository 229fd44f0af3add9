// For every mutation and every position of its arguments: an invalid value there, after another mutation
// in the same request. Neither mutation may store anything.
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import assert from "node:assert/strict";
import { inParallel } from "../parallel";
import { post, wasRefused, type Answer } from "../post";
import { faultyCalls, soundCalls, type FaultyCall } from "./requests";

async function read(query: string): Promise<any> {
  const { data, errors } = await post(query, "{}");
  assert(data, JSON.stringify(errors));
  return data;
}
const introspection: IntrospectionQuery = await read(getIntrospectionQuery({ oneOf: true }));
const fields = buildClientSchema(introspection).getMutationType()?.getFields() ?? {};

const stored = (): Promise<unknown> =>
  read(`{
    agents { totalCount } memberships { totalCount }
    crmScenarios { totalCount } crmSteps { totalCount }
  }`);

/** Sends the call after a mutation that would store an agent by itself. */
function send({ call, definition, variables }: FaultyCall, before: string): Promise<Answer> {
  const head = definition ? `mutation (${definition})` : "mutation";
  return post(`${head} { a: ${before} { __typename } b: ${call} }`, JSON.stringify(variables));
}
const createAgent = 'createAgent(input: {name: "Left over"})';
const examineAgent = 'createAgent(input: {name: "Left over"}, validateOnly: true)';

const shown = ({ fault, place, call, definition = "", variables }: FaultyCall, answer: Answer) =>
  `${place}, ${fault}: mutation (${definition}) { … ${call} } ${JSON.stringify(variables)}\n` +
  `  ${JSON.stringify(answer)}`;

const faults = new Set<string>();
const failures: string[] = [];
let sent = 0;
for (const field of Object.values(fields)) {
  // Without the invalid value each of these requests is accepted.
  const sound = soundCalls(field);
  await inParallel(sound, async (call) => {
    const examined = { ...call, call: withoutStoring(call.call) };
    const answer = await send(examined, examineAgent);
    if (answer.data === undefined) {
      failures.push(`rejected without an invalid value: ${shown(examined, answer)}`);
    }
  });

  const before = await stored();
  const calls = faultyCalls(field);
  assert(sound.length > 0 && calls.length > sound.length, `${field.name} has no positions.`);
  await inParallel(calls, async (call) => {
    const answer = await send(call, createAgent);
    faults.add(call.fault.replace(/, as a literal| inside of .*/, ""));
    if (!wasRefused(answer)) {
      failures.push(`not rejected: ${shown(call, answer)}`);
    }
  });
  sent += calls.length;
  const after = await stored();
  try {
    assert.deepEqual(after, before);
  } catch {
    failures.push(`${field.name} changed stored data: ${JSON.stringify({ before, after })}`);
  }
}

/** The same call with `validateOnly`. */
function withoutStoring(call: string): string {
  return call.includes("validateOnly:")
    ? call
    : call.replace(/\) \{ __typename \}$/, ", validateOnly: true$&");
}

const shownFailures = failures.slice(0, Number(process.env["ALL_OR_NOTHING_SHOWN"] ?? 10));
assert.equal(failures.length, 0, `${failures.length} failures:\n${shownFailures.join("\n")}`);
// Without these in the schema most of the invalid values would not be tried.
for (const fault of [
  "a null element",
  "an unknown enum value",
  "two fields of a @oneOf",
  "a missing key",
]) {
  assert(
    [...faults].some((seen) => seen.startsWith(fault)),
    `${fault} was never tried.`,
  );
}
const mutations = Object.keys(fields).length;
assert(mutations > 0 && sent > 0);
console.log(
  `passed: all or nothing: ${sent} requests with an invalid value after another mutation, ` +
    `in ${mutations} mutations, stored nothing`,
);
