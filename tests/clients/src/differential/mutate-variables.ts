// Changes of the variables of a request, as JSON text.
import type { Random } from "./random";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Without large valid integers: pages of such a size exceed the cost limit. */
const wrongValues: readonly Json[] = [
  ...[null, true, false, 0, 1, -1, 1.5, 2147483648, -2147483649, 1e15, 1e300, 5e-324],
  ...["", "x", "1", "true", "ASC", "NOPE", "none", "m", "😀", "2026-01-31T12:00:00Z", "CREATED_AT"],
  ...[[], [null], [[]], ["x"], ["x", null], [1, "x"], [["x"]], [{}], {}, { x: 1 }, { name: "x" }],
  ...[
    { name: null },
    { eq: "x" },
    { eq: null },
    { field: "NAME" },
    { direction: null, field: "NAME" },
  ],
  ...[{ after: "a" }, { after: null }, { after: "a", before: "b" }, { after: "a", before: null }],
  ...[{ and: [{}] }, { and: [null] }, { and: {} }, { in: ["x"] }, { in: "x" }, { in: [null] }],
];
const wrongKeys = [
  ...[
    "nope",
    "id",
    "name",
    "eq",
    "in",
    "and",
    "after",
    "first",
    "input",
    "__proto__",
    "__typename",
  ],
  ...["constructor", "toString", "length", "0", ""],
];

/** The location of a value: its object or list, and its key. */
interface Place {
  readonly holder: { [key: string]: Json };
  readonly key: string;
}

/** The variables with this many changes. */
export function mutateVariables(text: string, count: number, random: Random): string {
  const root: { [key: string]: Json } = JSON.parse(text);
  for (let done = 0; done < count; done += 1) {
    const places = placesOf(root);
    if (places.length === 0) {
      set(root, random.pick(["v0", ...wrongKeys]), clone(random.pick(wrongValues)));
    } else {
      change(random.pick(places), random);
    }
  }
  const changed = JSON.stringify(root);
  return random.chance(0.1) ? respelled(changed, random) : changed;
}

function change({ holder, key }: Place, random: Random): void {
  const value = holder[key]!;
  switch (random.below(6)) {
    case 0:
      if (Array.isArray(holder)) {
        holder.splice(Number(key), 1);
      } else {
        delete holder[key];
      }
      break;
    case 1:
      set(holder, key, [value]);
      break;
    case 2:
      set(holder, key, Array.isArray(value) ? (value[0] ?? null) : null);
      break;
    case 3:
      if (value !== null && typeof value === "object" && !Array.isArray(value)) {
        set(value, random.pick(wrongKeys), clone(random.pick(wrongValues)));
        break;
      }
      set(holder, key, clone(random.pick(wrongValues)));
      break;
    case 4:
      if (Array.isArray(value)) {
        value.splice(random.below(value.length + 1), 0, clone(random.pick(wrongValues)));
        break;
      }
      set(holder, key, clone(random.pick(wrongValues)));
      break;
    default:
      set(holder, key, clone(random.pick(wrongValues)));
  }
}

/** Also sets `__proto__` as a key, where an assignment would set the prototype. */
const set = (holder: object, key: string, value: Json) =>
  Object.defineProperty(holder, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });

const clone = (value: Json): Json => structuredClone(value);

function placesOf(value: Json): Place[] {
  if (value === null || typeof value !== "object") {
    return [];
  }
  return Object.entries(value).flatMap(([key, part]) => [
    { holder: value as { [key: string]: Json }, key },
    ...placesOf(part),
  ]);
}

/** The same numbers in notations other than integers, or beyond the exact integers of JavaScript. */
const respelled = (json: string, random: Random) =>
  json.replace(/(?<=[[:,])(-?[1-9]\d*)(?=[\],}])/g, (number) =>
    random.pick([
      `${number}.0`,
      `${number}e0`,
      `${number}.5`,
      `${number}0E-1`,
      `${number}${"0".repeat(20)}`,
    ]),
  );
