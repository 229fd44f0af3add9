// Mutations with one invalid value each, generated from the schema: in every argument, in every field of
// its input objects, and in the elements of lists.
import {
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from "graphql";
import { faultsOf, leastFor, literal, objectWith, otherType, Variable, type Value } from "./values";

/** The position of a value: the argument, and the path from there to the value. */
interface Place {
  readonly argument: GraphQLArgument;
  readonly steps: readonly Step[];
  readonly type: GraphQLInputType;
  /** Whether the value may be absent but not null. */
  readonly hasDefault: boolean;
}

/** A step of a path: from an object to one of its fields, or from a list to an element. */
type Step =
  | { readonly into: "element" }
  | { readonly into: "field"; readonly object: GraphQLInputObjectType; readonly name: string };

export interface FaultyCall {
  readonly fault: string;
  /** Like `input.defaultTags[]`. */
  readonly place: string;
  /** The field with its arguments. */
  readonly call: string;
  /** The definition of its variable, if it has one. */
  readonly definition?: string;
  readonly variables: { readonly [name: string]: Value };
}

type MutationField = GraphQLField<unknown, unknown>;

/** Every position of a mutation with a valid value, once as a literal and once as a variable. */
export const soundCalls = (field: MutationField): FaultyCall[] =>
  placesIn(field).flatMap((place) => {
    const value = leastFor(place.type);
    const type = isInOneOf(place) ? `${getNullableType(place.type)}!` : `${place.type}`;
    return [
      callOf(field, place, "nothing", value),
      withVariable(field, place, place, "nothing", type, value),
    ];
  });

/** Every position of a mutation with each invalid value of its type. */
export const faultyCalls = (field: MutationField): FaultyCall[] =>
  placesIn(field).flatMap((place) => [
    ...declarationFaults(field, place),
    ...faultsOf(place.type).flatMap(({ fault, value }) => [
      callOf(field, place, `${fault}, as a literal`, value),
      ...carriersOf(place).map((carrier) => {
        const inside = carrier === place ? "" : ` inside of ${nameOf(carrier)}`;
        const what = `${fault}, in a variable${inside}`;
        return withVariable(field, carrier, place, what, `${carrier.type}`, value);
      }),
    ]),
  ]);

/** Variables with an invalid type or default, or without a value. */
function declarationFaults(field: MutationField, place: Place): FaultyCall[] {
  const nullable = `${getNullableType(place.type)}`;
  const value = leastFor(place.type);
  const declared = (fault: string, type: string, sent?: Value) =>
    withVariable(field, place, place, fault, type, sent);
  const other = otherType(place.type);
  const faults = [
    declared("a variable of another type", other.type, other.value),
    declared("a required variable, not sent", `${nullable}!`),
    declared("a required variable, null", `${nullable}!`, null),
  ];
  const cannotBeNull = isNonNullType(place.type) || isInOneOf(place);
  if (!cannotBeNull) {
    return faults;
  }
  // With a default, a variable without a value is valid.
  const withoutValue = [
    declared("a nullable variable, not sent", nullable),
    declared("a nullable variable, with a value", nullable, value),
  ];
  return [
    ...faults,
    ...(place.hasDefault ? [] : withoutValue),
    declared("a nullable variable, null", nullable, null),
    declared("a variable with null as its default", `${nullable} = null`),
  ];
}

function placesIn(field: MutationField): Place[] {
  return field.args.flatMap((argument) => {
    const { type, defaultValue } = argument;
    return placesBelow({ argument, steps: [], type, hasDefault: defaultValue !== undefined }, []);
  });
}

/** The position and all positions below it, without recursion into the same object type. */
function placesBelow(place: Place, around: readonly GraphQLInputType[]): Place[] {
  const inner = getNullableType(place.type);
  if (isListType(inner)) {
    const steps = [...place.steps, { into: "element" } as const];
    const element = { ...place, steps, type: inner.ofType, hasDefault: false };
    return [place, ...placesBelow(element, around)];
  }
  if (!isInputObjectType(inner) || around.includes(inner)) {
    return [place];
  }
  const fields = Object.values(inner.getFields()).flatMap(({ name, type, defaultValue }) => {
    const steps = [...place.steps, { into: "field", object: inner, name } as const];
    const below = { ...place, steps, type, hasDefault: defaultValue !== undefined };
    return placesBelow(below, [...around, inner]);
  });
  return [place, ...fields];
}

/** The position itself and those that contain it: a variable at any of them can set its value. */
function carriersOf(place: Place): Place[] {
  const around = placesIn({ args: [place.argument] } as unknown as MutationField);
  return [
    place,
    ...around.filter(
      ({ steps }) =>
        steps.length < place.steps.length &&
        steps.every((step, index) => stepName(step) === stepName(place.steps[index]!)),
    ),
  ];
}

function isInOneOf({ steps }: Place): boolean {
  const last = steps.at(-1);
  return last?.into === "field" && last.object.isOneOf;
}

/** A call with a value at a position, set by a variable at the carrier. */
function withVariable(
  field: MutationField,
  carrier: Place,
  place: Place,
  fault: string,
  type: string,
  value?: Value,
): FaultyCall {
  const name = "faulty";
  const call = callOf(field, carrier, fault, new Variable(name));
  const steps = place.steps.slice(carrier.steps.length);
  const variables: FaultyCall["variables"] =
    value === undefined ? {} : { [name]: wrapped(steps, value) };
  return { ...call, place: nameOf(place), definition: `$${name}: ${type}`, variables };
}

function callOf(field: MutationField, place: Place, fault: string, value: Value): FaultyCall {
  const whole = wrapped(place.steps, value);
  const args = field.args
    .filter((argument) => argument === place.argument || isRequiredArgument(argument))
    .map((argument) => {
      const given = argument === place.argument ? whole : leastFor(argument.type);
      return `${argument.name}: ${literal(given, argument.type)}`;
    });
  const call = `${field.name}(${args.join(", ")}) { __typename }`;
  return { fault, place: nameOf(place), call, variables: {} };
}

/** The value within the objects and lists that contain it. */
const wrapped = (steps: readonly Step[], value: Value): Value =>
  steps.reduceRight<Value>(
    (inner, step) =>
      step.into === "element" ? [inner] : objectWith(step.object, step.name, inner),
    value,
  );

const stepName = (step: Step) => (step.into === "element" ? "[]" : `.${step.name}`);
const nameOf = ({ argument, steps }: Place) => argument.name + steps.map(stepName).join("");
