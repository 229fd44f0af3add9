// What the service would reject of a form, before it is sent: by the rules that it publishes.
import type { RulesQuery } from "../__generated__/graphql";
import { folded, isBlank, isOfFormat, trimmed } from "./form-text";

export type InputRules = RulesQuery["inputRules"][number];
type FieldRules = InputRules["fields"][number];
export type Input = Readonly<Record<string, unknown>>;
export type Fault = readonly [path: string, code: string];

/** The faults of single fields: [["name", "BLANK"], ["defaultTags.1", "TOO_LONG"]]. */
export const faultsOfFields = ({ fields }: InputRules, input: Input): Fault[] =>
  fields.flatMap((rules) => {
    const values = valuesAt(rules.path, input);
    const faults = values.flatMap(([path, value]) => {
      const code = codeOf(rules, value);
      return code ? [[path, code] as const] : [];
    });
    const isInUnique = fields.some(
      ({ path, isUnique }) => isUnique && `${path},*` === `${rules.path}`,
    );
    return isInUnique ? [...faults, ...repeated(rules, values)] : faults;
  });

/** `*` stands for each element of a list and each name of a map, `*.*` for each value of a map. */
function valuesAt([field = "", ...inside]: readonly string[], input: Input): [string, unknown][] {
  const value = input[field];
  if (inside.length === 0) return [[field, value]];
  const isName = !Array.isArray(value) && inside.length === 1;
  const entries = Object.entries(value ?? {});
  return entries.map(([key, entry]) => [`${field}.${key}`, isName ? key : entry]);
}

/** The code of the first rule that a value breaks. */
function codeOf(rules: FieldRules, value: unknown): string | null | undefined {
  const { min, max, maxItems, maxLength } = rules;
  if (value === undefined) return rules.isRequired ? "BLANK" : null;
  if (value === null) return rules.isRequired || !rules.mayBeBlank ? "BLANK" : null;
  if (typeof value === "boolean") return null;
  if (typeof value === "number") {
    return value < (min ?? value) || value > (max ?? value) ? "OUT_OF_RANGE" : null;
  }
  if (typeof value === "object") {
    const entries = Object.entries(value);
    if (entries.length > (maxItems ?? Infinity)) return "TOO_MANY";
    const bytes = new TextEncoder().encode(entries.flat().join("")).length;
    return rules.lengthUnit === "BYTES" && bytes > (maxLength ?? Infinity) ? "TOO_LONG" : null;
  }
  const text = textOf(rules, value);
  const forbidden = rules.isOneLine ? /[\p{Cc}\u2028\u2029]/u : /\0/;
  if (!rules.mayBeBlank && isBlank(text)) return "BLANK";
  if (rules.codes.includes("INVALID_CHARACTER") && forbidden.test(text)) return "INVALID_CHARACTER";
  if ([...text].length > (maxLength ?? Infinity)) return "TOO_LONG";
  if (rules.notOneOf?.includes(folded(text))) return rules.notAllowedCode;
  if (rules.isBlankExempt && isBlank(text)) return null;
  const isLonger = [...text].length > (rules.patternMaxLength ?? Infinity);
  const isMatch = !isLonger && new RegExp(rules.pattern ?? "", "u").test(text);
  return isMatch && isOfFormat(rules.format, text) ? null : rules.formatCode;
}

const textOf = ({ isTrimmed }: FieldRules, value: unknown) =>
  isTrimmed ? trimmed(String(value)) : String(value);

/** Entries that were there before, whatever their case. */
function repeated(rules: FieldRules, entries: [string, unknown][]): Fault[] {
  const texts = entries.map(([, value]) => folded(textOf(rules, value)));
  const later = entries.filter((_, index) => texts.indexOf(texts[index] ?? "") < index);
  return later.map(([path]) => [path, "DUPLICATE_VALUE"]);
}
