// Documents with variables, generated from the schema. Nearly all of them are valid; graphql-js decides
// which.
import {
  getNamedType,
  getNullableType,
  GraphQLBoolean,
  GraphQLNonNull,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  OperationTypeNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";
import type { Random } from "./random";
import type { GraphqlRequest } from "./request";
import {
  DEEPEST_VALUE,
  jsonFor,
  stringLiteral,
  valueFor,
  type Place,
  type Spelling,
} from "./values";

const DEEPEST_SELECTION = 5;

const operationTypes = [
  ...Array<OperationTypeNode>(5).fill(OperationTypeNode.QUERY),
  ...Array<OperationTypeNode>(4).fill(OperationTypeNode.MUTATION),
  OperationTypeNode.SUBSCRIPTION,
];

/** Keywords are valid names. */
const operationNames = ["A", "B", "_", "query", "on", "null", "fragment", "a1", "true"];

export function generate(schema: GraphQLSchema, random: Random): GraphqlRequest {
  const count = random.chance(0.12) ? 2 : 1;
  const names = random.some(operationNames, count);
  const operations = names.map((name) => new Operation(schema, name, random));
  const isAnonymous = count === 1 && random.chance(0.3);
  const texts = operations.map((operation) => operation.text(isAnonymous));
  const chosen = operations.at(-1)!;
  return {
    document: texts.join("\n"),
    variables: chosen.variablesJson(),
    ...(count === 1 ? {} : { operationName: chosen.name }),
  };
}

interface Variable {
  readonly definition: string;
  /** The value of the variable in the request, if it has one. */
  readonly json?: string;
}

interface Fragment {
  readonly name: string;
  readonly type: GraphQLCompositeType;
  readonly text: string;
}

/** One operation with its own variables and fragments. */
class Operation {
  private readonly variables = new Map<string, Variable>();
  private readonly fragments: Fragment[] = [];
  private aliases = 0;
  private pages = 0;
  /** Whether fields share response keys, so that many have to be merged and some cannot be. */
  private readonly hasFewAliases: boolean;

  constructor(
    private readonly schema: GraphQLSchema,
    readonly name: string,
    private readonly random: Random,
  ) {
    this.hasFewAliases = random.chance(0.15);
  }

  text(isAnonymous: boolean): string {
    const kind = this.random.pick(operationTypes);
    const root = this.schema.getRootType(kind)!;
    const selections =
      kind === OperationTypeNode.SUBSCRIPTION ? this.onlyField(root) : this.selectionSet(root, 0);
    const variables = [...this.variables.values()].map(({ definition }) => definition);
    const isShort = kind === OperationTypeNode.QUERY && isAnonymous && variables.length === 0;
    const head = [
      ...(this.random.chance(0.05) && !isShort ? ['"What it is for."\n'] : []),
      ...(isShort ? [] : [kind]),
      ...(isAnonymous ? [] : [` ${this.name}`]),
      ...(variables.length > 0 ? [`(${variables.join(this.random.pick([", ", " ", "\n"]))})`] : []),
    ].join("");
    return [`${head} ${selections}`, ...this.fragments.map(({ text }) => text)].join("\n");
  }

  variablesJson(): string {
    const sent = [...this.variables].filter(([, { json }]) => json !== undefined);
    return `{${sent.map(([name, { json }]) => `${JSON.stringify(name)}: ${json}`).join(", ")}}`;
  }

  /** The one field of a subscription. */
  private onlyField(type: GraphQLObjectType): string {
    const { random } = this;
    const [field] = Object.values(type.getFields());
    const alias = random.chance(0.3) ? `${this.alias()}: ` : "";
    const result = getNamedType(field!.type) as GraphQLObjectType;
    const selection = `${alias}${field!.name}${this.args(field!.args, false)} ${this.selectionSet(result, 1)}`;
    return random.chance(0.2) ? `{ ... on ${type.name} { ${selection} } }` : `{ ${selection} }`;
  }

  private selectionSet(type: GraphQLCompositeType, depth: number): string {
    const { random } = this;
    const count = 1 + random.below(depth === 0 ? 3 : 4);
    const selections = Array.from({ length: count }, () => this.selection(type, depth));
    return `{ ${selections.join(random.pick([" ", ", ", "\n  "]))} }`;
  }

  private selection(type: GraphQLCompositeType, depth: number): string {
    const { random } = this;
    if (depth < DEEPEST_SELECTION && random.chance(0.08)) {
      return this.spread(type, depth);
    }
    if (depth < DEEPEST_SELECTION && random.chance(0.08)) {
      const condition = random.chance(0.7) ? `on ${this.typeWithin(type).name}` : "";
      const inner = condition ? this.schema.getType(condition.slice(3)) : type;
      const selections = this.selectionSet(inner as GraphQLCompositeType, depth + 1);
      return `... ${condition}${this.directives()} ${selections}`;
    }
    const field = this.pickField(type, depth);
    if (!field) {
      return `${random.chance(0.3) ? `${this.alias()}: ` : ""}__typename${this.directives()}`;
    }
    const result = getNamedType(field.type);
    const args = isPaged(field) && depth > 0 ? "(first: 1)" : this.args(field.args, isPaged(field));
    const isLeaf = !isCompositeType(result);
    // Fields that differ must not share a response key; leaves without arguments never differ.
    const isPlain = (isLeaf && args === "") || this.hasFewAliases;
    const alias = random.chance(isPlain ? 0.1 : 0.85) ? `${this.alias()}: ` : "";
    if (isPaged(field)) {
      this.pages += 1;
    }
    const selections = isLeaf ? "" : ` ${this.selectionSet(result, depth + 1)}`;
    return `${alias}${field.name}${args}${this.directives()}${selections}`;
  }

  private pickField(type: GraphQLCompositeType, depth: number) {
    if (!("getFields" in type)) {
      return undefined;
    }
    const isRoot = depth === 0;
    const isQuery = type === this.schema.getQueryType();
    const fields: GraphQLField<unknown, unknown>[] = [
      ...Object.values(type.getFields()),
      ...(isRoot && isQuery ? [SchemaMetaFieldDef, TypeMetaFieldDef] : []),
    ];
    const candidates = fields.filter((field) => {
      const isLeaf = !isCompositeType(getNamedType(field.type));
      // Many nested pages and deep introspection exceed the cost limit.
      const isDear = (isPaged(field) && this.pages >= 2) || /^(fields|types)$/.test(field.name);
      return isLeaf || (depth < DEEPEST_SELECTION && !(isDear && depth > 1));
    });
    const isMeta = candidates.length === 0 || this.random.chance(0.08);
    return isMeta ? undefined : this.random.pick(candidates);
  }

  private spread(type: GraphQLCompositeType, depth: number): string {
    const { random } = this;
    const condition = this.typeWithin(type);
    const known = this.fragments.filter((fragment) => fragment.type === condition);
    if (known.length > 0 && random.chance(0.5)) {
      return `...${random.pick(known).name}${this.directives()}`;
    }
    // A fragment is complete before another one can spread it, so that there are no cycles.
    const selections = this.selectionSet(condition, depth + 1);
    const name = `${this.name}_F${this.fragments.length}`;
    const text = `fragment ${name} on ${condition.name} ${selections}`;
    this.fragments.push({ name, type: condition, text });
    return `...${name}${this.directives()}`;
  }

  /** A type that some objects of this type have. */
  private typeWithin(type: GraphQLCompositeType): GraphQLCompositeType {
    const { random, schema } = this;
    if (isAbstractType(type) && random.chance(0.8)) {
      return random.pick(schema.getPossibleTypes(type));
    }
    const interfaces = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
    return interfaces.length > 0 && random.chance(0.3) ? random.pick(interfaces) : type;
  }

  private args(args: readonly GraphQLArgument[], areOfPage: boolean): string {
    const { random } = this;
    const chosen = args.filter((argument) => {
      // A page without a size has fifty elements.
      const isLikely = argument.name === "first" && areOfPage;
      return isRequiredArgument(argument) || random.chance(isLikely ? 0.9 : 0.2);
    });
    const texts = chosen.map((argument) => {
      const { type, name, defaultValue } = argument;
      return `${name}: ${this.value({ type, name, depth: 0 }, defaultValue !== undefined)}`;
    });
    return texts.length > 0 ? `(${texts.join(random.pick([", ", " "]))})` : "";
  }

  private directives(): string {
    const { random } = this;
    if (!random.chance(0.06)) {
      return "";
    }
    const place = { type: new GraphQLNonNull(GraphQLBoolean), name: "if", depth: 0 };
    return ` @${random.pick(["include", "skip"])}(if: ${this.value(place, false)})`;
  }

  /** A literal or a variable, with equal probability. */
  private value(place: Place, hasDefault: boolean): string {
    const { random } = this;
    if (random.chance(place.depth === 0 ? 0.5 : 0.25)) {
      return `$${this.variable(place, hasDefault)}`;
    }
    const spelling: Spelling = {
      text: (text) => stringLiteral(text, random),
      number: (number) => number,
      enumValue: (name) => name,
      key: (name) => name,
      inner: (inner) => this.value(inner, false),
    };
    return valueFor(place, spelling, random);
  }

  /** Declares a variable that may be used at this position; returns its name. */
  private variable({ type, name: placeName }: Place, hasDefault: boolean): string {
    const { random } = this;
    const name = random.chance(0.1) ? `v${this.variables.size}_` : `v${this.variables.size}`;
    let declared = type;
    let needsDefault = false;
    if (isNonNullType(type)) {
      if (random.chance(0.2)) {
        declared = type.ofType;
        needsDefault = !hasDefault || random.chance(0.3);
      }
    } else if (random.chance(0.3)) {
      declared = new GraphQLNonNull(type);
    }
    const hasOwnDefault = needsDefault || random.chance(0.2);
    const defaultType = needsDefault ? new GraphQLNonNull(getNullableType(declared)) : declared;
    const literal = hasOwnDefault ? ` = ${this.constant(defaultType, placeName)}` : "";
    const isOptional = hasOwnDefault || !isNonNullType(declared);
    // Null would be invalid where a default replaces an absent value.
    const jsonType = isNonNullType(type) ? new GraphQLNonNull(getNullableType(declared)) : declared;
    const isSent = !isOptional || random.chance(0.6);
    this.variables.set(name, {
      definition: `$${name}: ${declared}${literal}`,
      ...(isSent ? { json: jsonFor(jsonType, placeName, random) } : {}),
    });
    return name;
  }

  private constant(type: GraphQLInputType, name: string): string {
    const { random } = this;
    const spelling: Spelling = {
      text: (text) => stringLiteral(text, random),
      number: (number) => number,
      enumValue: (value) => value,
      key: (key) => key,
      inner: (place) => valueFor(place, spelling, random),
    };
    return valueFor({ type, name, depth: DEEPEST_VALUE - 2 }, spelling, random);
  }

  private alias(): string {
    if (this.hasFewAliases) {
      return this.random.pick(["a", "b", "name"]);
    }
    this.aliases += 1;
    return `a${this.aliases}`;
  }
}

const isPaged = (field: GraphQLField<unknown, unknown>) =>
  field.args.some(({ name }) => name === "first");
