// Values of variables at the limits of their types. graphql-js decides which of them are valid.

import * as parts from "./parts";

interface Row {
  readonly type: string;
  /** The document that uses the variable. */
  readonly use: string;
  readonly values: readonly string[];
}

const agents = (argument: string) => `query ($v: TYPE) { agents(${argument}) { totalCount } }`;
const step = (field: string) =>
  `mutation ($v: TYPE) { createCrmStep(input: {name: "x", scenarioId: "x", ${field}: $v}, validateOnly: true) { replayed } }`;

const anything = ["null", "true", "1", "1.5", '"x"', "[]", "[null]", "{}", '{"x": 1}', '[["x"]]'];
const numbers = [
  ...["0", "-0", "0.0", "-0.0", "1.0", "1e0", "1e2", "10e-1", "1.5", "0.1e1", "1e-1", "2147483647"],
  ...["2147483648"],
  ...["-2147483648", "-2147483649", "2147483647.0", "2147483647.5", "9007199254740993", "1e15"],
  ...["1e21", "1e300"],
  ...["18446744073709551615", "18446744073709551616", "-9223372036854775809"],
  ...["123456789012345678901234567890"],
  ...["1.7976931348623157e308", "5e-324", "1e-400", '"1"', '"1.0"', '""', '" 1"'],
];
const versioned = `mutation ($v: TYPE) { updateAgent(id: "x", expectedVersion: $v, input: {}) { replayed } }`;
const step0 = '{"name": "x", "scenarioId": "x"}';
const withField = (field: string) => `{"name": "x", "scenarioId": "x", ${field}}`;

const rows: readonly Row[] = [
  { type: "Int", use: versioned, values: [...numbers, ...anything, "[1]"] },
  { type: "Int!", use: versioned, values: [...numbers, ...anything] },
  { type: "Int = 3", use: agents("first: $v"), values: [...numbers.slice(0, 9), ...anything] },
  {
    type: "ID!",
    use: "query ($v: TYPE) { node(id: $v) { id } }",
    values: [...numbers, ...anything],
  },
  { type: "ID", use: agents("filter: {id: {eq: $v}}"), values: [...numbers, ...anything] },
  {
    type: "String",
    use: agents("after: $v"),
    values: [...numbers.slice(0, 5), ...anything, '"😀"', '"\\ud83d\\ude00"', '"\\u0000"'],
  },
  { type: "String!", use: agents("filter: {name: {eq: $v}}"), values: anything },
  {
    type: "Boolean!",
    use: "query ($v: TYPE) { __typename @skip(if: $v) }",
    values: [...anything, "false", '"true"', '"false"', "0", '""'],
  },
  {
    type: "Boolean = false",
    use: "query ($v: TYPE) { __typename @include(if: $v) a: __typename }",
    values: ["true", '"true"', "1", "[true]"],
  },
  {
    type: "[ID!]!",
    use: "query ($v: TYPE) { nodes(ids: $v) { id } }",
    values: [...numbers, ...anything, "[1]", '["x", 1]', '["x", null]', "[1.0]", "[1.5]", "[true]"],
  },
  {
    type: "[String!]",
    use: step("defaultTags"),
    values: [...anything, '["x", "y"]', '["x", 1]', '["x", null]', '"x"', '[["x", "y"]]'],
  },
  {
    type: "AssigneeLogicType",
    use: step("assigneeLogicType"),
    values: [
      ...anything,
      '"none"',
      '"NONE"',
      '" none"',
      '"nope"',
      '["none"]',
      '"single_user"',
      '""',
    ],
  },
  {
    type: "DefaultStatus!",
    use: step("defaultStatus"),
    values: [...anything, '"RESOLVED"', '"resolved"', '{"RESOLVED": 1}'],
  },
  {
    type: "AutoNextTimeUnit = d",
    use: step("autoNextTimeUnit"),
    values: ['"m"', '"M"', "null", '"s"', "1"],
  },
  {
    type: "RequestContactInput",
    use: step("requestContact"),
    values: [
      ...anything,
      '{"name": true}',
      '{"name": null}',
      '{"name": 1}',
      '{"name": "true"}',
      '{"name": [true]}',
      '{"name": true, "nope": null}',
      '[{"name": true}]',
      '{"__proto__": {}}',
      '{"constructor": 1}',
      '{"Name": true}',
      '{"": true}',
    ],
  },
  {
    type: "StringMap",
    use: step("webhookHeader"),
    values: [
      ...anything,
      ...numbers.slice(0, 20),
      '{"accept": "x"}',
      '{"accept": null}',
      '{"a": {"b": [1]}}',
    ],
  },
  {
    type: "DateTime",
    use: agents("filter: {createdAt: {gt: $v}}"),
    values: [
      ...[...anything, '"2026-01-31T12:00:00Z"', '"2026-01-31T12:00:00.123456-03:00"'],
      ...['"2026-02-31"', '"2026-02-29T12:00:00Z"', '"2026-01-31 12:00:00Z"', '["2026-01-31T12:00:00Z"]'],
    ],
  },
  {
    type: "OrderDirection",
    use: agents("orderBy: [{field: NAME, direction: $v}]"),
    values: ['"ASC"', '"asc"', "1", "[]", '["ASC"]'],
  },
  {
    type: "OrderField!",
    use: agents("orderBy: {field: $v}"),
    values: ['"NAME"', '"name"', '"INDEX"', "null", "1", '["NAME"]'],
  },
  {
    type: "ListOrder!",
    use: agents("orderBy: [$v]"),
    values: [
      ...anything,
      '{"field": "NAME"}',
      '{"field": "NAME", "direction": "ASC"}',
      '{"field": "NAME", "direction": null}',
      '{"direction": "ASC"}',
      '{"field": null}',
      '{"field": "NAME", "nope": null}',
      '[{"field": "NAME"}]',
      '"NAME"',
    ],
  },
  {
    type: "[ListOrder!]",
    use: agents("orderBy: $v"),
    values: [
      ...anything,
      '{"field": "NAME"}',
      '[{"field": "NAME"}]',
      '[{"field": "NAME"}, null]',
      '[{"field": "NAME"}, {}]',
      '[[{"field": "NAME"}]]',
      '[{"field": "CREATED_AT", "direction": "DESC"}]',
    ],
  },
  {
    type: "[ListOrder!] = [{field: NAME}]",
    use: agents("orderBy: $v"),
    values: ["null", "[]", "{}", '{"field": "UPDATED_AT"}'],
  },
  {
    type: "AgentFilter",
    use: agents("filter: $v"),
    values: [
      ...[...anything, '{"name": {"eq": "x"}}', '{"name": {"eq": 1}}', '{"name": "x"}'],
      ...['{"and": []}', '{"and": [null]}', '{"and": {}}'],
      ...['{"and": [{"or": {"not": {"id": {"in": "x"}}}}]}'],
      ...['{"and": [{"or": {"not": {"id": {"in": [1, null]}}}}]}', '{"not": []}'],
      ...['{"not": {"not": {"not": {"nope": 1}}}}', '{"createdAt": {"gt": {"any": [1]}}}'],
      ...['{"id": {"eq": 1.5}}', '{"id": {"in": [1, 2.0]}}'],
    ],
  },
  {
    type: "CrmStepPlacement!",
    use: 'mutation ($v: TYPE) { moveCrmStep(id: "x", to: $v) { replayed } }',
    values: [
      ...[...anything, '{"after": "x"}', '{"after": 1}', '{"after": null}', '{"first": true}'],
      ...['{"first": "true"}', '{"first": false}'],
      ...['{"after": "x", "before": "y"}', '{"after": "x", "before": null}'],
      ...['{"after": null, "before": null}', '{"nope": 1}'],
      ...['{"after": "x", "nope": null}', '[{"after": "x"}]', '{"after": ["x"]}', '{"last": null}'],
    ],
  },
  {
    type: "CrmStepPlacement",
    use: 'mutation ($v: TYPE) { createCrmStep(input: {name: "x", scenarioId: "x"}, to: $v, validateOnly: true) { replayed } }',
    values: [
      ...anything,
      '{"after": "x"}',
      '{"last": true}',
      '{"last": true, "first": true}',
      '{"last": null}',
    ],
  },
  {
    type: "CreateAgentInput!",
    use: "mutation ($v: TYPE) { createAgent(input: $v, validateOnly: true) { replayed } }",
    values: [
      ...anything,
      '{"name": "x"}',
      '{"name": null}',
      '{"iconUrl": "x"}',
      '{"name": "x", "iconUrl": null}',
      '{"name": "x", "nope": 1}',
      '{"name": ["x"]}',
      '{"name": 1}',
      '{"NAME": "x"}',
    ],
  },
  {
    type: "[CreateCrmStepsInput!]!",
    use: "mutation ($v: TYPE) { createCrmSteps(inputs: $v, validateOnly: true) { replayed } }",
    values: [
      ...[...anything, step0, `[${step0}]`, `[${step0}, null]`, `[[${step0}]]`, `[${step0}, {}]`],
      ...[`[${step0}, ${step0}]`],
      ...[
        '"autoNextTime": 1.0',
        '"autoNextTime": 1.5',
        '"autoNextTime": "1"',
        '"defaultTags": "x"',
        '"defaultTags": [null]',
      ].map(withField),
      ...[
        '"requestContact": {"email": 1}',
        '"requestContact": {"mail": true}',
        '"webhookHeader": 5',
        '"scenarioId": 1',
      ].map(withField),
      ...[
        '"assigneeLogicType": "NONE"',
        '"selectedMembershipIdsForAssignee": [1, "x"]',
        '"agentId": {}',
      ].map(withField),
    ],
  },
  {
    type: "Boolean",
    use: 'mutation ($v: TYPE) { createAgent(input: {name: "x"}, validateOnly: $v) { replayed } }',
    values: ["true", '"true"', "1", "[]"],
  },
  {
    type: "BatchMode",
    use: "mutation ($v: TYPE) { createCrmSteps(inputs: [], mode: $v) { replayed } }",
    values: ['"ATOMIC"', '"atomic"', "1"],
  },
  {
    type: "String",
    use: 'mutation ($v: TYPE) { createAgent(input: {name: "x"}, idempotencyKey: $v, validateOnly: true) { replayed } }',
    values: anything,
  },
];

/** Within a custom scalar a variable of any type is valid. */
const anywhere = `mutation ($v: TYPE) { ${parts.step("webhookHeader: {x: $v}")} }`;
const lists = [
  "1",
  "[1]",
  "[[1]]",
  "[1, [2]]",
  "[[[1]]]",
  "[[1, null]]",
  "[null]",
  "[[]]",
  '[["x"]]',
];
const objects = ['{"after": "x"}', '[{"after": "x"}]', '[[{"after": "x"}]]', '[{"after": null}]'];
const nested: readonly Row[] = [
  ...[
    "[[ID!]!]",
    "[[ID!]!]! = [[1]]",
    "[[Int]]!",
    "[[[ID]]]",
    "[[Int!]] = [1, [2]]",
    "[[Int]] = 1",
  ],
  ...["[DateTime!]!", "[[StringMap]]", "Snapshot", "[[String!]]", "[[OrderDirection!]] = [ASC]"],
  ...["[CrmStepPlacement!]", "[[CrmStepPlacement]]", "[[CrmStepPlacement!]!]! = {after: 1}"],
].map((type) => ({ type, use: anywhere, values: [...anything, ...lists, ...objects] }));

/** The document of each row with each of its values, and without a value. */
export const variableValues: readonly (readonly [document: string, variables: string])[] = [
  ...rows,
  ...nested,
].flatMap(({ type, use, values }) => {
  const document = use.replace("TYPE", type);
  return [
    [document, "{}"] as const,
    ...values.map((value) => [document, `{"v": ${value}}`] as const),
  ];
});
