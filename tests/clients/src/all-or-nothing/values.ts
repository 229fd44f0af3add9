// Values of arguments: valid ones, and ones with a single fault.
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from "graphql";

/** A reference to a variable of the request. */
export class Variable {
  constructor(readonly name: string) {}
}

export type Value =
  null | boolean | number | string | Variable | Value[] | { [key: string]: Value };

/** The smallest valid value. */
export function leastFor(type: GraphQLInputType): Value {
  const inner = getNullableType(type);
  if (isListType(inner)) {
    return [leastFor(inner.ofType)];
  }
  if (isInputObjectType(inner)) {
    const [first] = Object.values(inner.getFields());
    return inner.isOneOf ? { [first!.name]: leastFor(first!.type) } : leastFields(inner);
  }
  if (isEnumType(inner)) {
    return inner.getValues()[0]!.name;
  }
  return (
    ({ Boolean: true, Float: 1, Int: 1, StringMap: {} } as Record<string, Value>)[inner.name] ?? "x"
  );
}

function leastFields(type: GraphQLInputObjectType): { [key: string]: Value } {
  const required = Object.values(type.getFields()).filter(isRequiredInputField);
  return Object.fromEntries(required.map((field) => [field.name, leastFor(field.type)]));
}

/** The object with this value for one of its fields, and its required fields. */
export const objectWith = (type: GraphQLInputObjectType, name: string, value: Value) =>
  type.isOneOf ? { [name]: value } : { ...leastFields(type), [name]: value };

export interface FaultyValue {
  readonly fault: string;
  readonly value: Value;
}

/** Invalid values of this type, each with its fault. */
export function faultsOf(type: GraphQLInputType): FaultyValue[] {
  const inner = getNullableType(type);
  const faults: FaultyValue[] = isNonNullType(type) ? [{ fault: "null", value: null }] : [];
  if (isListType(inner)) {
    const isOfRequired = isNonNullType(inner.ofType);
    const least = leastFor(inner.ofType);
    const withNull = [[null], [least, null]].map((value) => ({ fault: "a null element", value }));
    return [...faults, ...(isOfRequired ? withNull : [])];
  }
  const wrong = (...values: Value[]) => values.map((value) => ({ fault: "a wrong type", value }));
  if (isInputObjectType(inner)) {
    return [...faults, ...wrong("x", 1, true), ...faultyObjects(inner)];
  }
  if (isEnumType(inner)) {
    const value = inner.getValues()[0]!.name;
    const otherCase = value === value.toLowerCase() ? value.toUpperCase() : value.toLowerCase();
    const unknown = ["NOPE", otherCase].map((name) => ({
      fault: "an unknown enum value",
      value: name,
    }));
    return [...faults, ...unknown, ...wrong(1, true, {})];
  }
  switch (inner.name) {
    case "Int":
      return [...faults, ...wrong("1", 1.5, 2147483648, true, {})];
    case "Boolean":
      return [...faults, ...wrong("true", 1, {})];
    case "ID":
      return [...faults, ...wrong(1.5, true, {})];
    case "String":
      return [...faults, ...wrong(1, true, {})];
    default:
      // Only resolvers validate custom scalars.
      return faults;
  }
}

function faultyObjects(type: GraphQLInputObjectType): FaultyValue[] {
  const least = leastFor(type) as { [key: string]: Value };
  const unknown = { fault: "an unknown key", value: { ...least, nope: null } };
  if (type.isOneOf) {
    const fields = Object.values(type.getFields());
    const all = Object.fromEntries(
      fields.slice(0, 2).map((field) => [field.name, leastFor(field.type)]),
    );
    const nulls = fields.map((field) => ({ [field.name]: null }));
    const withNull = { ...least, [fields[1]!.name]: null };
    return [
      unknown,
      { fault: "two fields of a @oneOf", value: all },
      { fault: "no field of a @oneOf", value: {} },
      ...[...nulls, withNull].map((value) => ({ fault: "a null field of a @oneOf", value })),
    ];
  }
  const missing = Object.keys(least).map((name) => {
    const { [name]: _left, ...value } = least;
    return { fault: "a missing key", value };
  });
  return [unknown, ...missing];
}

/** The value as a literal of a document. */
export function literal(value: Value, type?: GraphQLInputType): string {
  if (value instanceof Variable) {
    return `$${value.name}`;
  }
  const inner = type && getNullableType(type);
  if (Array.isArray(value)) {
    const element = isListType(inner) ? inner.ofType : inner;
    return `[${value.map((part) => literal(part, element)).join(", ")}]`;
  }
  if (value !== null && typeof value === "object") {
    const fields = isInputObjectType(inner) ? inner.getFields() : {};
    const entries = Object.entries(value);
    return `{${entries.map(([key, part]) => `${key}: ${literal(part, fields[key]?.type)}`).join(", ")}}`;
  }
  const isEnum = isEnumType(inner) && typeof value === "string";
  return isEnum ? value : JSON.stringify(value);
}

/** The name of an incompatible type, with a valid value of it. */
export function otherType(type: GraphQLInputType): {
  readonly type: string;
  readonly value: Value;
} {
  const isOfText = getNamedType(type).name === "String";
  return isOfText ? { type: "Int!", value: 1 } : { type: "String!", value: "x" };
}
