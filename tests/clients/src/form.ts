// The form of live/form.ts against the service: what it finds in an input, the service rejects as well, with
// the same code at the same path; and it finds nearly all that the service rejects for the input alone.
import assert from "node:assert/strict";
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  print,
  type GraphQLInputField,
} from "graphql";
import { RulesDocument, type RulesQuery } from "./__generated__/graphql";
import { Random } from "./differential/random";
import { schema } from "./differential/reference";
import { faultsOfFields, type Input, type InputRules } from "./live/form";
import { faultsAcross } from "./live/form-across";
import { inParallel } from "./parallel";
import { post } from "./post";

const mutations = ["createAgent", "createMembership", "createCrmScenario", "createCrmStep"];
const INPUTS_OF_EACH = 500;
/** Of the codes that need no database, the least share that the form finds. */
const FOUND_LEAST = 0.95;

// Ids and keys are looked up, and the operator chooses the hosts of URLs.
const codesOfMore = [
  "NOT_FOUND",
  "ID_TAKEN",
  "KEY_TAKEN",
  "STEP_NOT_IN_SCENARIO",
  "SELF_REFERENCE",
  "URL_NOT_ALLOWED",
  "MASKED_HEADER_VALUE",
  "EMAIL_TAKEN",
];

const texts = [
  "",
  " ",
  "\u200b",
  "\u2800",
  "Sofia",
  " a ",
  "\u0085a\ufeff",
  "a\0",
  "a\nb",
  "a\u2028b",
  "é",
  "E\u0301",
  "🙂",
  "pt_BR",
  "EN",
  "a-b",
  "lembrete_v2",
  "12345678",
  "+55 (11) 95555-0102",
  "123",
  "https://example.com",
  "HTTP://example.com:8080/a?b#c",
  "https://bücher.example/",
  "https://",
  "ftp://example.com",
  "https://a b.example",
  "https://user@example.com",
  "ana@example.com",
  "ana@localhost",
  "019a0000-0000-7000-8000-000000000301",
  "x".repeat(64),
  "x".repeat(65),
  "🙂".repeat(255),
  "🙂".repeat(256),
  "x".repeat(2049),
  "x".repeat(20_001),
];
const ids = ["019a0000-0000-7000-8000-000000000101", "019A0000-0000-7000-8000-000000000101"];
const lists = [
  [],
  ["a"],
  ["a", "A "],
  ["é", "E\u0301"],
  ["b", " "],
  ["b", "a\0"],
  ["x".repeat(65)],
  Array.from({ length: 101 }, (_, index) => `t${index}`),
];
const maps = [
  {},
  { "X-Key": "1" },
  { "X-Key": "1", "x-key": "2" },
  { Host: "a" },
  { "a b": "1" },
  { A: "é" },
  { A: "***" },
  { A: "" },
  { A: "v".repeat(9000) },
];
const numbers = [-1, 0, 1, 365, 366, 8760, 8761, 525_600, 525_601, 31_536_000, 31_536_001];

function valuesOf({ type }: GraphQLInputField): readonly unknown[] {
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues().map(({ name }) => name);
  if (isListType(getNullableType(type)))
    return named.name === "ID" ? [[], ids, ids.slice(1)] : lists;
  switch (named.name) {
    case "Int":
      return numbers;
    case "Boolean":
      return [true, false];
    case "StringMap":
      return maps;
    case "String":
    case "ID":
      return texts;
    default:
      return [];
  }
}

const { data } = await post(
  print(RulesDocument),
  JSON.stringify({ inputs: mutations.map(inputOf) }),
);
const { inputRules } = data as RulesQuery;
const random = new Random(1);

/** An input with few of the fields, and all required ones. */
function inputFor({ input }: InputRules): Input {
  const type = schema.getType(input);
  assert(isInputObjectType(type));
  const fields = Object.values(type.getFields());
  const required = fields.filter((field) => field.type !== getNullableType(field.type));
  const chosen = [...new Set([...required, ...random.some(fields, 1 + random.below(8))])];
  const values = chosen.map((field) => [field.name, valuesOf(field)] as const);
  return Object.fromEntries(
    values
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => [name, random.pick(values)]),
  );
}

let found = 0;
const missed: string[] = [];
for (const [index, rules] of inputRules.entries()) {
  const mutation = mutations[index]!;
  const inputs = Array.from({ length: INPUTS_OF_EACH }, () => inputFor(rules));
  await inParallel(inputs, async (input) => {
    const answer = await post(
      `mutation ($input: ${rules.input}!) {
        ${mutation}(input: $input, validateOnly: true) { userErrors { field code } } }`,
      JSON.stringify({ input }),
    );
    const { [mutation]: payload } = answer.data as any;
    const rejected: string[] = payload.userErrors.map(
      ({ field, code }: any) => `${field.slice(1).join(".")}: ${code}`,
    );
    const byForm = [...faultsOfFields(rules, input), ...faultsAcross(rules, input)].map(
      ([path, code]) => `${path}: ${code}`,
    );
    for (const fault of byForm) {
      assert(
        rejected.includes(fault),
        `${mutation} ${JSON.stringify(input)}: ${fault}; but ${rejected}`,
      );
    }
    found += new Set(byForm).size;
    const ofInput = rejected.filter((fault) => !codesOfMore.some((code) => fault.endsWith(code)));
    missed.push(...ofInput.filter((fault) => !byForm.includes(fault)));
  });
}
assert(found > 0);
const share = found / (found + missed.length);
assert(share >= FOUND_LEAST, `The form found ${share}; it missed ${[...new Set(missed)]}`);
console.log(`passed: form: found ${found} of ${found + missed.length} faults before the service`);

function inputOf(mutation: string) {
  return `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
}
