// Changes of a document that an author might make by mistake, or an attacker on purpose. Each takes the
// syntax tree of the document and changes one node of it.
import { Kind, parse, parseType, parseValue, print, type DocumentNode } from "graphql";
import type { Random } from "./random";

/** Any node of a document. */
interface Node {
  kind: Kind;
  [key: string]: unknown;
}

/** A node with its parent. */
interface Place {
  readonly node: Node;
  readonly parent: Node;
  readonly key: string;
  /** Its index in the list of the parent, if it is in one. */
  readonly siblings?: Node[];
}

interface Mutation {
  readonly kinds: readonly Kind[];
  readonly change: (place: Place, random: Random) => void;
}

const valueKinds = [
  ...[Kind.VARIABLE, Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN, Kind.NULL, Kind.ENUM],
  ...[Kind.LIST, Kind.OBJECT],
];
const typeKinds = [Kind.NAMED_TYPE, Kind.LIST_TYPE, Kind.NON_NULL_TYPE];

const wrongValues = [
  ...["null", "1", "-1", "1.5", "1e3", "2147483648", "-2147483649", "99999999999999999999"],
  ...['"x"', '""', '"""block"""', '"ASC"', "true", "ASC", "NOPE", "none", "[]", "[null]", "[[1]]"],
  ...[
    "{}",
    "{a: 1}",
    "{name: null}",
    "{after: null}",
    '{after: "a", before: "b"}',
    "{first: true}",
  ],
  ...['{eq: "x"}', "{field: NAME}", '["x", null]', "$v0", "$v1", "$nowhere", "[$v0]", "{eq: $v0}"],
];
const wrongNames = [
  ...["nope", "id", "name", "input", "filter", "first", "if", "totalCount", "nodes", "crmStep"],
  ...["__typename", "__schema", "userErrors", "after", "and", "eq", "viewer", "A", "v0", "v1"],
];
const wrongTypes = [
  ...["Int", "Int!", "String", "String!", "ID", "ID!", "Boolean", "Boolean!", "Float", "Nope"],
  ...["[ID]", "[ID!]", "[ID!]!", "[String]", "[[ID!]!]!", "CrmStep", "Node", "Query", "DateTime"],
  ...[
    "StringMap",
    "Snapshot",
    "CreateAgentInput!",
    "CrmStepFilter",
    "CrmStepPlacement",
    "ListOrder",
  ],
  ...[
    "OrderDirection",
    "OrderDirection!",
    "AssigneeLogicType",
    "[ListOrder]",
    "[ListOrder!]",
    "__Type",
  ],
];
const wrongConditions = [
  "CrmStep",
  "Agent",
  "Node",
  "Query",
  "Mutation",
  "String",
  "Nope",
  "IdFilter",
];
const wrongDirectives = [
  ...["@skip(if: true)", "@include(if: false)", "@skip", "@include(if: null)", "@skip(if: 1)"],
  ...["@include(if: $v0)", "@nope", "@deprecated", "@oneOf", '@specifiedBy(url: "x")'],
  ...[
    "@skip(if: true) @skip(if: true)",
    "@include(if: true, if: true)",
    "@skip(unless: true, if: true)",
  ],
];
const wrongSelections = [
  ...["nope", "id", "name", "__typename", "id: name", "name: id", "a1: __typename", "viewer"],
  ...[
    "...Nope",
    "... on Agent { id }",
    "... on CrmStep { a1: name }",
    "... on Query { __typename }",
  ],
  ...[
    "...A_F0",
    "id { id }",
    "... { id }",
    "nodes",
    "version: name",
    "agents(first: 1) { totalCount }",
  ],
  ...["__schema { queryType { name } }", "... on String { x }", "a1: id a1: name", "a2(id: 1)"],
];
const wrongDefinitions = [
  ...["{ viewer { tokenName } }", "query A { viewer { tokenName } }", "mutation { __typename }"],
  ...[
    "fragment Unused on Agent { id }",
    "fragment A_F0 on Query { __typename }",
    "type Extra { a: Int }",
  ],
  ...[
    "extend type Agent { a: Int }",
    "scalar Extra",
    "subscription S { nope }",
    "query on { __typename }",
  ],
];

const asNode = (value: object) => structuredClone(value) as unknown as Node;
const valueOf = (text: string) => asNode(parseValue(text, { noLocation: true }));
const typeOf = (text: string) => asNode(parseType(text, { noLocation: true }));
const parsed = (text: string) => asNode(parse(text, { noLocation: true }));
const listOf = (node: Node, key: string) => (node[key] ??= []) as Node[];

const selectionsOf = (text: string) =>
  listOf(listOf(parsed(`{ ${text} }`), "definitions")[0]!["selectionSet"] as Node, "selections");
const directivesOf = (text: string) => listOf(selectionsOf(`a ${text}`)[0]!, "directives");

function replace({ parent, key, node, siblings }: Place, other: Node): void {
  if (siblings) {
    siblings[siblings.indexOf(node)] = other;
  } else {
    parent[key] = other;
  }
}

function remove({ parent, key, node, siblings }: Place): void {
  if (siblings) {
    siblings.splice(siblings.indexOf(node), 1);
  } else {
    delete parent[key];
  }
}

const insertAt = (random: Random, list: Node[], ...nodes: Node[]) =>
  list.splice(random.below(list.length + 1), 0, ...nodes);

const mutations: readonly Mutation[] = [
  {
    // Renames fields, arguments, input fields, fragments, variables, directives and types.
    kinds: [Kind.NAME],
    change: ({ node }, random) => (node["value"] = random.pick(wrongNames)),
  },
  {
    // Removes or duplicates a node.
    kinds: [
      ...[Kind.ARGUMENT, Kind.OBJECT_FIELD, Kind.VARIABLE_DEFINITION, Kind.DIRECTIVE, Kind.FIELD],
      ...[Kind.FRAGMENT_DEFINITION, Kind.OPERATION_DEFINITION, Kind.FRAGMENT_SPREAD],
    ],
    change: (place, random) => {
      if (random.chance(0.5)) {
        remove(place);
      } else if (place.siblings) {
        insertAt(random, place.siblings, asNode(place.node));
      }
    },
  },
  {
    kinds: valueKinds,
    change: (place, random) => replace(place, valueOf(random.pick(wrongValues))),
  },
  {
    kinds: valueKinds,
    change: (place) => replace(place, { kind: Kind.LIST, values: [place.node] }),
  },
  {
    kinds: [Kind.LIST],
    change: (place) => {
      const [element] = listOf(place.node, "values");
      replace(place, element ?? { kind: Kind.NULL });
    },
  },
  {
    kinds: [Kind.LIST],
    change: ({ node }, random) =>
      insertAt(random, listOf(node, "values"), valueOf(random.pick(wrongValues))),
  },
  {
    kinds: [Kind.OBJECT],
    change: ({ node }, random) => {
      const value = valueOf(random.pick(wrongValues));
      const name = { kind: Kind.NAME, value: random.pick(wrongNames) };
      insertAt(random, listOf(node, "fields"), { kind: Kind.OBJECT_FIELD, name, value });
    },
  },
  {
    // A string for an enum value, and vice versa.
    kinds: [Kind.ENUM, Kind.STRING],
    change: ({ node }) => {
      node.kind = node.kind === Kind.ENUM ? Kind.STRING : Kind.ENUM;
      node["value"] = String(node["value"]).replace(/^[^_A-Za-z]|\W/g, "_") || "_";
      delete node["block"];
    },
  },
  {
    kinds: [Kind.FIELD, Kind.DIRECTIVE],
    change: ({ node }, random) => {
      const value = valueOf(random.pick(wrongValues));
      const name = { kind: Kind.NAME, value: random.pick(wrongNames) };
      insertAt(random, listOf(node, "arguments"), { kind: Kind.ARGUMENT, name, value });
    },
  },
  {
    kinds: typeKinds,
    change: (place, random) => {
      // Only the type of a variable can be any type.
      if (place.key === "type" && place.node !== undefined) {
        replace(place, typeOf(random.pick(wrongTypes)));
      }
    },
  },
  {
    // Wraps or unwraps a type.
    kinds: [Kind.VARIABLE_DEFINITION],
    change: ({ node }, random) => {
      const type = node["type"] as Node;
      const bare = type.kind === Kind.NON_NULL_TYPE ? (type["type"] as Node) : type;
      const required = { kind: Kind.NON_NULL_TYPE, type: bare };
      const list = { kind: Kind.LIST_TYPE, type };
      node["type"] = random.pick([bare, bare, required, list]);
    },
  },
  {
    kinds: [Kind.VARIABLE_DEFINITION],
    change: ({ node }, random) => {
      if (random.chance(0.4)) {
        delete node["defaultValue"];
      } else {
        node["defaultValue"] = valueOf(
          random.pick(wrongValues.filter((text) => !text.includes("$"))),
        );
      }
    },
  },
  {
    kinds: [Kind.OPERATION_DEFINITION],
    change: ({ node }, random) => {
      const text = `query (${random.pick(["$unused", "$v0", "$v1"])}: ${random.pick(wrongTypes)}) { a }`;
      const [operation] = listOf(parsed(text), "definitions");
      insertAt(
        random,
        listOf(node, "variableDefinitions"),
        ...listOf(operation!, "variableDefinitions"),
      );
    },
  },
  {
    kinds: [
      ...[Kind.FIELD, Kind.FIELD, Kind.INLINE_FRAGMENT, Kind.FRAGMENT_SPREAD],
      ...[Kind.OPERATION_DEFINITION, Kind.FRAGMENT_DEFINITION, Kind.VARIABLE_DEFINITION],
    ],
    change: ({ node }, random) => {
      const isConstant = node.kind === Kind.VARIABLE_DEFINITION;
      const texts = wrongDirectives.filter((text) => !isConstant || !text.includes("$"));
      insertAt(random, listOf(node, "directives"), ...directivesOf(random.pick(texts)));
    },
  },
  {
    kinds: [Kind.SELECTION_SET],
    change: ({ node }, random) =>
      insertAt(random, listOf(node, "selections"), ...selectionsOf(random.pick(wrongSelections))),
  },
  {
    // Adds selections to a leaf, or removes those of another field.
    kinds: [Kind.FIELD],
    change: ({ node }) => {
      if (node["selectionSet"]) {
        delete node["selectionSet"];
      } else {
        node["selectionSet"] = { kind: Kind.SELECTION_SET, selections: selectionsOf("id") };
      }
    },
  },
  {
    // Gives two fields one response key.
    kinds: [Kind.FIELD],
    change: ({ node, siblings }, random) => {
      const fields = (siblings ?? []).filter(({ kind }) => kind === Kind.FIELD);
      const other = random.pick(fields.length > 0 ? fields : [node]);
      node["alias"] = asNode((other["alias"] ?? other["name"]) as Node);
    },
  },
  {
    kinds: [Kind.FRAGMENT_DEFINITION, Kind.INLINE_FRAGMENT],
    change: ({ node }, random) => (node["typeCondition"] = typeOf(random.pick(wrongConditions))),
  },
  {
    // Adds a cycle of fragments, perhaps through others.
    kinds: [Kind.FRAGMENT_DEFINITION],
    change: ({ node }, random) => {
      const name = asNode(node["name"] as Node);
      const spread: Node = { kind: Kind.FRAGMENT_SPREAD, name, directives: [] };
      insertAt(random, listOf(node["selectionSet"] as Node, "selections"), spread);
    },
  },
  {
    kinds: [Kind.OPERATION_DEFINITION],
    change: ({ node }, random) =>
      (node["operation"] = random.pick(["query", "mutation", "mutation", "subscription"])),
  },
  {
    kinds: [Kind.OPERATION_DEFINITION],
    change: ({ node }) => delete node["name"],
  },
  {
    kinds: [Kind.DOCUMENT],
    change: ({ node }, random) => {
      const text = random.pick(wrongDefinitions);
      insertAt(random, listOf(node, "definitions"), ...listOf(parsed(text), "definitions"));
    },
  },
];

/** The document with this many changes. */
export function mutateDocument(document: DocumentNode, count: number, random: Random): string {
  const root = asNode(document);
  for (let done = 0; done < count;) {
    const { kinds, change } = random.pick(mutations);
    const places = placesOf(root).filter(({ node }) => kinds.includes(node.kind));
    if (places.length > 0) {
      change(random.pick(places), random);
      done += 1;
    }
  }
  return print(root as unknown as DocumentNode);
}

function placesOf(root: Node): Place[] {
  const places: Place[] = [{ node: root, parent: root, key: "" }];
  const visit = (parent: Node) => {
    for (const [key, part] of Object.entries(parent)) {
      const siblings = Array.isArray(part) ? part.filter(isNode) : undefined;
      for (const node of siblings ?? [part].filter(isNode)) {
        places.push({ node, parent, key, ...(siblings ? { siblings: part as Node[] } : {}) });
        visit(node);
      }
    }
  };
  visit(root);
  return places;
}

const isNode = (part: unknown): part is Node =>
  typeof part === "object" && part !== null && "kind" in part;
