// The intended differences between the service and graphql-js.
import {
  buildSchema,
  getNamedType,
  isInputObjectType,
  isNonNullType,
  Kind,
  OperationTypeNode,
  OverlappingFieldsCanBeMergedRule,
  parse,
  printSchema,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLInputType,
  type SelectionNode,
  type VariableDefinitionNode,
} from "graphql";
import { step } from "./parts";
import { judge, schema } from "./reference";
import { accepted, type GraphqlRequest } from "./request";

export interface Deviation {
  readonly service: "accepts" | "refuses";
  readonly reason: string;
  readonly concerns: (request: GraphqlRequest) => boolean;
  /** Requests with a different verdict for this reason alone; each of them must have one. */
  readonly examples: readonly GraphqlRequest[];
}

const example = (document: string, variables = "{}"): GraphqlRequest => ({ document, variables });

export const deviations: readonly Deviation[] = [
  {
    service: "refuses",
    reason:
      "A nullable variable is in a @oneOf input object. The specification requires a non-null one; " +
      "the rule of graphql-js does not report it if the object itself is non-null.",
    concerns: ({ document }) =>
      usagesIn(document).some(
        ({ holder, definition }) => holder?.isOneOf && definition.type.kind !== Kind.NON_NULL_TYPE,
      ),
    examples: [
      example(
        'mutation ($v: ID) { moveCrmStep(id: "x", to: {after: $v}) { replayed } }',
        '{"v": "x"}',
      ),
      example('mutation ($v: ID = "x") { moveCrmStep(id: "x", to: {after: $v}) { replayed } }'),
      example('mutation ($v: Boolean) { moveCrmStep(id: "x", to: {last: $v}) { replayed } }'),
    ],
  },
  {
    service: "refuses",
    reason:
      "A variable is null for a non-null argument, in a document that is valid because of a " +
      "default. The specification makes that an error of the field; here such a request is " +
      "rejected before execution.",
    concerns: ({ document, variables }) =>
      usagesIn(document).some(
        ({ type, definition }) => isNonNullType(type) && isNull(definition, variables),
      ),
    examples: [
      example(
        'mutation ($v: Boolean) { createAgent(input: {name: "x"}, validateOnly: $v) { replayed } }',
        '{"v": null}',
      ),
      example("query ($v: ID = 1) { node(id: $v) { id } }", '{"v": null}'),
      example(
        "query ($v: OrderDirection = null) { agents(orderBy: [{field: NAME, direction: $v}]) { totalCount } }",
      ),
    ],
  },
  {
    service: "refuses",
    reason:
      "A list in the payload of a mutation has an invalid page: first or last out of range, or " +
      "both. graphql-js has no rule for them; as an error of their field they would null the " +
      "payload of a mutation that has been committed.",
    concerns: ({ document }) => asksMutationForPages(document),
    examples: [
      example(
        'mutation { createAgent(input: {name: "x"}) { agent { history(first: 0) { totalCount } } } }',
      ),
      example(
        'mutation ($v: Int) { createAgent(input: {name: "x"}) { agent { history(first: 1, last: $v) { totalCount } } } }',
        '{"v": 1}',
      ),
    ],
  },
  {
    service: "refuses",
    reason:
      "The variables have a key twice in one object. JSON does not define which of the two counts, " +
      "and implementations differ.",
    concerns: ({ variables }) =>
      keysIn(variables) > keysIn(JSON.stringify(JSON.parse(variables))),
    examples: [
      example("query ($v: ID!) { node(id: $v) { id } }", '{"v": "x", "v": "y"}'),
      example(
        "query ($v: AgentFilter) { agents(filter: $v) { totalCount } }",
        '{"v": {"and": [], "and": []}}',
      ),
    ],
  },
  {
    service: "refuses",
    reason:
      "One response key is __typename of one type and a field of another type. The rule of " +
      "graphql-js has no type for __typename; the specification makes no exception.",
    concerns: ({ document }) => overlapsWithTypename(document),
    examples: [
      example('{ node(id: "x") { ... on CrmStep { a: __typename } ... on Agent { a: iconUrl } } }'),
      example('{ node(id: "x") { ... on Agent { a: version } ... on CrmStep { a: __typename } } }'),
    ],
  },
  {
    service: "refuses",
    reason:
      "The default of a variable of a custom scalar that is never null is a list with null in it. " +
      "No custom scalar here takes a list.",
    concerns: ({ document }) =>
      /(DateTime|Snapshot|StringMap)![\]!]* *= *\[[^=]*\bnull\b/.test(document),
    examples: [
      example(
        "mutation ($v: StringMap! = [null]) { " + step("webhookHeader: {x: $v}") + " }",
      ),
    ],
  },
  {
    service: "refuses",
    reason: "A number is beyond the range of a 64-bit float; JavaScript parses it as infinite.",
    concerns: ({ document }) =>
      numbersIn(document).some((number) => !Number.isFinite(Number(number))),
    examples: [example("mutation { " + step("webhookHeader: {x: 1e999}") + " }")],
  },
  {
    service: "accepts",
    reason:
      "A code point has leading zeros; any number of digits is allowed, graphql-js accepts eight.",
    concerns: (request) => {
      const document = request.document.replace(/\\u\{0+(?=[0-9a-f])/gi, "\\u{");
      return document !== request.document && judge({ ...request, document }).verdict === accepted;
    },
    examples: [example('{ agents(after: "\\u{000000000000041}") { totalCount } }')],
  },
  {
    service: "refuses",
    reason:
      "The root field of a subscription has @skip or @include. The edition of September 2025 of the " +
      "specification forbids it, and the rule of graphql-js 16 does not.",
    concerns: ({ document }) =>
      subscriptionRoots(document).some(({ directives = [] }) =>
        directives.some(({ name }) => ["skip", "include"].includes(name.value)),
      ),
    examples: [
      example("subscription { changes @include(if: true) { cursor } }"),
      example("subscription { changes @skip(if: true) { cursor } }"),
      example("subscription { ... @include(if: true) { changes { cursor } } }"),
      example(
        "subscription { ...F @skip(if: false) } fragment F on Subscription { changes { cursor } }",
      ),
    ],
  },
  {
    service: "refuses",
    reason:
      "Introspection selects the deprecation of directives, which graphql-js has and the edition " +
      "of September 2025 of the specification does not.",
    concerns: ({ document }) => asksForDeprecatedDirectives(document),
    examples: [
      example("{ __schema { directives { isDeprecated } } }"),
      example("{ __schema { directives { name deprecationReason } } }"),
      example("{ __schema { directives(includeDeprecated: true) { name } } }"),
    ],
  },
];

/** A position where a variable is used. */
interface Usage {
  readonly definition: VariableDefinitionNode;
  /** The type of the position, if the schema defines it. */
  readonly type: GraphQLInputType | null | undefined;
  /** The input object, if the variable is the value of one of its fields. */
  readonly holder?: { readonly isOneOf: boolean };
}

function usagesIn(text: string): Usage[] {
  const document = parsed(text);
  if (!document) {
    return [];
  }
  const definitions: VariableDefinitionNode[] = [];
  visit(document, { VariableDefinition: (definition) => void definitions.push(definition) });
  const usages: Usage[] = [];
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      VariableDefinition: () => false,
      Variable({ name }, _key, parent) {
        const type = typeInfo.getInputType();
        const around = getNamedType(typeInfo.getParentInputType());
        const isField =
          parent !== undefined && "kind" in parent && parent.kind === Kind.OBJECT_FIELD;
        const holder = isField && isInputObjectType(around) ? { holder: around } : {};
        for (const definition of definitions) {
          if (definition.variable.name.value === name.value) {
            usages.push({ definition, type, ...holder });
          }
        }
      },
    }),
  );
  return usages;
}

function isNull({ variable, defaultValue }: VariableDefinitionNode, variables: string): boolean {
  const value: unknown = JSON.parse(variables)[variable.name.value];
  return value === null || (value === undefined && defaultValue?.kind === Kind.NULL);
}

/** Whether fields could not be merged if `__typename` were an ordinary field. */
function overlapsWithTypename(text: string): boolean {
  const document = parsed(text.replace(/\b__typename\b/g, "typename_"));
  const rules = [OverlappingFieldsCanBeMergedRule];
  return document !== undefined && validate(schemaWithTypename(), document, rules).length > 0;
}

const schemaWithTypename = () =>
  buildSchema(printSchema(schema).replace(/^(type|interface) [^{]*\{/gm, "$& typename_: String!"));

function asksForDeprecatedDirectives(text: string): boolean {
  const typeInfo = new TypeInfo(schema);
  let found = false;
  visit(
    parsed(text) ?? empty,
    visitWithTypeInfo(typeInfo, {
      Field({ name, arguments: args }) {
        const field = `${typeInfo.getParentType()}.${name.value}`;
        found ||= field === "__Directive.isDeprecated" || field === "__Directive.deprecationReason";
        found ||= field === "__Schema.directives" && args !== undefined && args.length > 0;
      },
    }),
  );
  return found;
}

/** The selections at the root of subscriptions, also those in fragments. */
function subscriptionRoots(text: string): SelectionNode[] {
  const typeInfo = new TypeInfo(schema);
  const found: SelectionNode[] = [];
  const collect = (node: SelectionNode) => {
    if (typeInfo.getParentType() === schema.getSubscriptionType()) {
      found.push(node);
    }
  };
  const visitor = { Field: collect, FragmentSpread: collect, InlineFragment: collect };
  visit(parsed(text) ?? empty, visitWithTypeInfo(typeInfo, visitor));
  return found;
}

function asksMutationForPages(text: string): boolean {
  let isMutation = false;
  let hasPages = false;
  visit(parsed(text) ?? empty, {
    OperationDefinition: ({ operation }) => {
      isMutation ||= operation === OperationTypeNode.MUTATION;
    },
    Argument: ({ name }) => {
      hasPages ||= name.value === "first" || name.value === "last";
    },
  });
  return isMutation && hasPages;
}

/** The number of keys of all objects in a JSON text. */
function keysIn(json: string): number {
  const strings = json.matchAll(/"(?:\\.|[^"\\])*"(\s*:)?/g);
  return [...strings].filter(([, colon]) => colon !== undefined).length;
}

function numbersIn(text: string): string[] {
  const numbers: string[] = [];
  const add = ({ value }: { readonly value: string }) => void numbers.push(value);
  visit(parsed(text) ?? empty, { IntValue: add, FloatValue: add });
  return numbers;
}

const empty: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
