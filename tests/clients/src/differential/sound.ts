// Valid documents, each of which is similar to an invalid one.
import { step } from "./parts";
import type { GraphqlRequest } from "./request";

export const sound: readonly string[] = [
  // Operations and fragments.
  "query on { __typename }",
  "query query { __typename }",
  "query fragment { ...true } fragment true on Query { __typename }",
  "{ ...onF } fragment onF on Query { __typename }",
  "{ ...F ...F } fragment F on Query { __typename }",
  "fragment F on Query { ...G } { ...F } fragment G on Query { __typename }",
  '"What it is for." query A { __typename }',
  '"""\nWhat it is for.\n""" query { __typename }',
  '"What it is for." mutation A { __typename }',
  '{ ...F } "What it is for." fragment F on Query { __typename }',
  'query ("How many." $v: Int, """Which.""" $w: String) { agents(first: $v, after: $w) { totalCount } }',
  '{ node(id: "x") { ... on Node { ... on CrmStep { ... on Node { id } } } } }',
  "{ agents(first: 1) { nodes { ... on Node { ... on Agent { name } } } } }",
  '{ node(id: "x") { ...F } } fragment F on Change { subject { ... on Agent { name } } }',
  // Repetitions of one field.
  "{ viewer { tokenName tokenName } viewer { tokenName scopes } }",
  "{ agents(first: 1) { totalCount } agents(first: 1) { nodes { id } } }",
  "{ agents(first: 1, after: null) { totalCount } agents(after: null, first: 1) { totalCount } }",
  "query ($v: Int) { agents(first: $v) { totalCount } agents(first: $v) { pageInfo { endCursor } } }",
  "{ a: __typename a: __typename ... { a: __typename } }",
  '{ node(id: "x") { ... on Agent { name } ... on CrmStep { name } } }',
  '{ node(id: "x") { ... on Agent { a: iconUrl } ... on CrmStep { a: webhookUrl } } }',
  '{ node(id: "x") { ... on Agent { history(first: 1) { totalCount } } ... on CrmStep { history(first: 2) { totalCount } } } }',
  "{ agents(orderBy: [{field: NAME, direction: ASC}]) { totalCount } agents(orderBy: [{field: NAME, direction: ASC}]) { totalCount } }",
  "mutation { ...F ...G } fragment F on Mutation { __typename } fragment G on Mutation { __typename }",
  'mutation { createAgent(input: {name: "x"}, validateOnly: true) { replayed } ' +
    'createAgent(input: {name: "x"}, validateOnly: true) { userErrors { code } } }',
  'mutation { a: createAgent(input: {name: "x"}, validateOnly: true) { replayed } ' +
    'b: createAgent(input: {name: "x"}, validateOnly: true) { replayed } __typename }',
  // Subscriptions.
  "subscription { changes { cursor } }",
  "subscription subscription { changes { cursor } }",
  "subscription { a: changes(after: null, subjectTypes: AGENT) { __typename } }",
  "subscription { changes(scenarioId: 1, subjectTypes: []) { node { subject { ... on Agent { name } } } } }",
  "subscription S { ...F } fragment F on Subscription { ... { changes { ...G } } } fragment G on ChangeEdge { cursor }",
  "subscription { ...F ...F } fragment F on Subscription { changes { cursor } }",
  "subscription { changes { ... @skip(if: true) { cursor } node @include(if: false) { id } } }",
  "subscription ($v: [ChangeSubjectType!]) { changes(subjectTypes: $v) { cursor } }",
  // Directives.
  "{ __typename @skip(if: false) @include(if: true) }",
  "{ viewer @skip(if: true) { tokenName } }",
  "query ($v: Boolean! = true) { __typename @skip(if: $v) }",
  "query ($v: Boolean = true) { __typename @include(if: $v) }",
  "mutation { __typename @skip(if: true) }",
  // Values.
  "{ agents(first: -0) { totalCount } }",
  'mutation { updateAgent(id: "x", expectedVersion: 2147483647, input: {}) { replayed } }',
  'mutation { updateAgent(id: "x", expectedVersion: -2147483648, input: {}) { replayed } }',
  "{ agents(first: null, last: null, filter: null, orderBy: null) { totalCount } }",
  "{ agents(orderBy: {field: NAME}) { totalCount } }",
  "{ agents(orderBy: []) { totalCount } }",
  "{ agents(filter: {and: {name: {eq: null}}}) { totalCount } }",
  "{ agents(filter: {and: [], or: null, not: {}}) { totalCount } }",
  "{ agents(filter: {id: {in: 1}}) { totalCount } }",
  "mutation { " + step('webhookHeader: [1.5e3, {a: "x"}, ENUM, null]') + " }",
  '{ agents(filter: {createdAt: {gt: "2026-01-31t12:00:00.5+03:00"}}) { totalCount } }',
  "{ nodes(ids: 1) { id } }",
  "{ nodes(ids: []) { id } }",
  "{ node(id: 1) { id } }",
  "{ node(id: -0) { id } }",
  "{ node(id: 123456789012345678901234567890) { id } }",
  '{ crmStep(id: "") { id } }',
  'mutation { createCrmStep(input: {name: "\\u{1F600}", scenarioId: "x"}, validateOnly: true) { replayed } }',
  'mutation { createCrmStep(input: {name: "\\ud83d\\ude00", scenarioId: 1}, validateOnly: true) { replayed } }',
  'mutation { createCrmStep(input: {name: """a \\""" b""", scenarioId: "x"}, validateOnly: true) { replayed } }',
  'mutation { createCrmStep(input: {name: "x", scenarioId: "x", assigneeLogicType: none, autoNextTimeUnit: m, ' +
    'autoNextTime: null, defaultTags: "x", requestContact: {}}, validateOnly: true) { replayed } }',
  'mutation { createCrmStep(input: {name: "x", scenarioId: "x", webhookHeader: {a: [1, {b: true}], c: NONE, d: 1.5}}, ' +
    "validateOnly: true) { replayed } }",
  'mutation { createCrmStep(input: {name: "x", scenarioId: "x", webhookHeader: "x"}, validateOnly: true) { replayed } }',
  'mutation { moveCrmStep(id: "x", to: {first: true}) { replayed } }',
  'mutation { moveCrmStep(id: "x", to: {after: 1}) { replayed } }',
  'mutation { createCrmSteps(inputs: {name: "x", scenarioId: "x"}, validateOnly: true) { replayed } }',
  "mutation { createCrmSteps(inputs: [], mode: SKIP_INVALID) { replayed } }",
  // Introspection.
  '{ __schema { queryType { name } } __type(name: "Agent") { name isOneOf } }',
  '{ __type(name: "Agent") { fields(includeDeprecated: true) { args(includeDeprecated: false) { name } } } }',
  "query { __schema { types { fields { type { fields { name } } } } } }",
];

/** Documents with a variable at a valid position, nullable where there is a default. */
export const soundVariables: readonly (readonly [document: string, variables: string])[] = [
  ["query ($v: ID = 1) { node(id: $v) { id } }", "{}"],
  ["query ($v: ID! = 1) { node(id: $v) { id } }", "{}"],
  [
    "query ($v: Boolean!) { ... @skip(if: $v) { __typename } viewer @include(if: $v) { scopes } }",
    '{"v": true}',
  ],
  ["query ($v: Int!) { agents(first: $v) { totalCount } }", '{"v": 1}'],
  ["query ($v: [ID!]!) { nodes(ids: $v) { id } }", '{"v": "x"}'],
  ["query ($v: ID!) { nodes(ids: [$v, $v]) { id } }", '{"v": 1}'],
  ['query ($v: ID = "x") { nodes(ids: [$v]) { id } }', "{}"],
  [
    "query ($v: OrderDirection) { agents(orderBy: [{field: NAME, direction: $v}]) { totalCount } }",
    "{}",
  ],
  ["query ($v: OrderField = NAME) { agents(orderBy: [{field: $v}]) { totalCount } }", "{}"],
  ["query ($v: ListOrder!) { agents(orderBy: [$v]) { totalCount } }", '{"v": {"field": "NAME"}}'],
  ["query ($v: [ListOrder!]!) { agents(orderBy: $v) { totalCount } }", '{"v": {"field": "NAME"}}'],
  ["query ($v: [ListOrder!] = {field: NAME}) { agents(orderBy: $v) { totalCount } }", "{}"],
  ["query ($v: String) { agents(filter: {name: {eq: $v}}) { totalCount } }", "{}"],
  ["query ($v: AgentFilter = {not: {}}) { agents(filter: $v) { totalCount } }", "{}"],
  [
    'mutation ($v: Boolean) { createAgent(input: {name: "x"}, validateOnly: $v) { replayed } }',
    "{}",
  ],
  ["mutation ($v: BatchMode) { createCrmSteps(inputs: [], mode: $v) { replayed } }", "{}"],
  [
    'mutation ($v: String = "x") { createAgent(input: {name: $v}, validateOnly: true) { replayed } }',
    "{}",
  ],
  ["mutation ($v: ID!) { moveCrmStep(id: $v, to: {after: $v}) { replayed } }", '{"v": "x"}'],
  [
    'mutation ($v: StringMap) { createCrmStep(input: {name: "x", scenarioId: "x", webhookHeader: $v}, validateOnly: true) { replayed } }',
    '{"v": [1]}',
  ],
  [
    'mutation ($v: Int) { createCrmStep(input: {name: "x", scenarioId: "x", webhookHeader: {a: $v}}, validateOnly: true) { replayed } }',
    '{"v": 1}',
  ],
  [
    'query ($v: Boolean) { __type(name: "OrderField") { enumValues(includeDeprecated: $v) { name } } }',
    "{}",
  ],
  [
    'query ($v: Boolean) { __type(name: "Agent") { fields(includeDeprecated: $v) { name } } }',
    '{"v": true}',
  ],
  ["query A($v: Int) { agents(first: $v) { totalCount } }", '{"v": 1, "w": {"x": null}}'],
];

const two = "query A { __typename } mutation B { __typename }";
const twoOfVariables =
  "query A($v: Int!) { agents(first: $v) { totalCount } } query B { __typename }";
/** Only the variables of the chosen operation are validated; graphql-js decides which choices are valid. */
export const chosen: readonly GraphqlRequest[] = [
  { document: two, operationName: "A", variables: "{}" },
  { document: two, operationName: "B", variables: "{}" },
  { document: two, operationName: "C", variables: "{}" },
  { document: two, operationName: "a", variables: "{}" },
  { document: two, variables: "{}" },
  { document: "query A { __typename }", operationName: "A", variables: "{}" },
  { document: "query A { __typename }", operationName: "B", variables: "{}" },
  { document: "{ __typename }", operationName: "A", variables: "{}" },
  { document: "fragment F on Query { __typename }", variables: "{}" },
  { document: twoOfVariables, operationName: "A", variables: '{"v": 1}' },
  { document: twoOfVariables, operationName: "A", variables: "{}" },
  { document: twoOfVariables, operationName: "B", variables: "{}" },
  { document: twoOfVariables, operationName: "B", variables: '{"v": "x"}' },
];
