// Valid values of a type, as literals of a document and as JSON of its variables.
import {
  getNullableType,
  GraphQLNonNull,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLScalarType,
} from "graphql";
import type { Random } from "./random";

const texts = [
  ...["", "x", "two words", "São Paulo", "😀", "a\nb", 'say "hi"', "back\\slash", "\t", "*/"],
  ...["2026-01-31T12:00:00Z", "019a0000-0000-7000-8000-000000000999", "null", "$x", "{", "#"],
];
const dateTimes = ["2026-01-31T12:00:00Z", "2024-02-29t23:59:59.5+03:00", "0001-01-01T00:00:00-23:59"];
/** Numbers with the same notation in JSON and GraphQL, including -0. */
const integers = ["0", "1", "2", "3", "-1", "-0", "100", "2147483647", "-2147483648"];
const ids = [...integers, "12345678901234567890", '"x"', '"😀"', '""'];
const floats = ["1.5", "-0.5", "1e3", "1E-3", "0.0"];
/** Small pages, which keep the cost low. */
const pageSizes = ["1", "2", "3"];

/** The deepest nesting of input objects and lists. */
export const DEEPEST_VALUE = 4;

export interface Place {
  readonly type: GraphQLInputType;
  /** The name of the argument or of the input field. */
  readonly name: string;
  readonly depth: number;
}

/** The notation of the parts of a value. */
export interface Spelling {
  text(text: string): string;
  number(number: string): string;
  enumValue(name: string): string;
  key(name: string): string;
  /** A value within another one. */
  inner(place: Place): string;
}

/** A valid value, or null if the type is nullable. */
export function valueFor(place: Place, spelling: Spelling, random: Random): string {
  const { type } = place;
  if (!isNonNullType(type) && random.chance(0.08)) {
    return "null";
  }
  return nonNullValueFor({ ...place, type: getNullableType(type) }, spelling, random);
}

function nonNullValueFor(place: Place, spelling: Spelling, random: Random): string {
  const { type, name, depth } = place;
  if (isListType(type)) {
    const element = { type: type.ofType, name, depth: depth + 1 };
    // A single element is coerced to a list.
    if (random.chance(0.2)) {
      return nonNullValueFor({ ...element, type: getNullableType(element.type) }, spelling, random);
    }
    const count = depth < DEEPEST_VALUE ? random.below(3) : 0;
    return `[${Array.from({ length: count }, () => spelling.inner(element)).join(", ")}]`;
  }
  if (isInputObjectType(type)) {
    const fields = someFields(type, depth, random);
    const entries = fields.map((field) => {
      const value = spelling.inner({ type: field.type, name: field.name, depth: depth + 1 });
      return `${spelling.key(field.name)}: ${value}`;
    });
    return `{${entries.join(", ")}}`;
  }
  return isEnumType(type)
    ? spelling.enumValue(random.pick(type.getValues()).name)
    : scalar(type, name, spelling, random);
}

/** The required fields, and some of the others. */
function someFields(type: GraphQLInputObjectType, depth: number, random: Random) {
  const all = Object.values(type.getFields());
  if (type.isOneOf) {
    // The only field of a @oneOf is not null.
    return [random.pick(all)].map((field) => ({
      ...field,
      type: new GraphQLNonNull(getNullableType(field.type)),
    }));
  }
  const chosen = new Set(random.some(all, depth < DEEPEST_VALUE ? random.below(4) : 0));
  return all.filter((field) => isRequiredInputField(field) || chosen.has(field));
}

function scalar(type: GraphQLScalarType, name: string, spelling: Spelling, random: Random) {
  switch (type.name) {
    case "Int":
      return spelling.number(random.pick(/^(first|last)$/.test(name) ? pageSizes : integers));
    case "Float":
      return spelling.number(random.pick([...integers, ...floats]));
    case "Boolean":
      return random.pick(["true", "false"]);
    case "ID": {
      const id = random.pick(ids);
      return id.startsWith('"') ? spelling.text(JSON.parse(id)) : spelling.number(id);
    }
    case "DateTime":
      return spelling.text(random.pick(dateTimes));
    case "StringMap": {
      const entry = `${spelling.key("accept")}: ${spelling.text(random.pick(texts))}`;
      return random.pick(["{}", `{${entry}}`, spelling.text("x"), `[${spelling.number("1")}]`]);
    }
    default:
      return spelling.text(random.pick(texts));
  }
}

/** The notation of JSON, for variables. */
export function jsonFor(type: GraphQLInputType, name: string, random: Random): string {
  const spelling: Spelling = {
    text: JSON.stringify,
    number: (number) => number,
    enumValue: JSON.stringify,
    key: JSON.stringify,
    inner: (place) => valueFor(place, spelling, random),
  };
  return valueFor({ type, name, depth: 0 }, spelling, random);
}

/** The text in one of the notations of GraphQL. */
export function stringLiteral(text: string, random: Random): string {
  const quoted = JSON.stringify(text);
  const escapedBy = (escaped: (character: string) => string) =>
    quoted.replace(/[^\x20-\x7e]/gu, escaped);
  switch (random.below(6)) {
    case 0:
      return escapedBy((character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
    case 1:
      // Each surrogate of a pair as an escape of its own.
      return escapedBy((character) =>
        character.replace(
          /[^]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
        ),
      );
    case 2:
      return `"""${text.replaceAll('"""', '\\"""').replace(/["\\]$/, "$& ")}"""`;
    default:
      return quoted;
  }
}
