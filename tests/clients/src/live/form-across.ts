// The rules of a form across its fields.
import type { Fault, Input, InputRules } from "./form";
import { folded, isBlank, trimmed } from "./form-text";

type AcrossRule = InputRules["across"][number];

/** The faults across fields: [["trigger", "TRIGGER_OR_PROMPT_REQUIRED"]]. */
export const faultsAcross = ({ across }: InputRules, input: Input): Fault[] =>
  across.flatMap((rule) => placesOf(rule, input).map((path): Fault => [path, rule.code]));

/** The fields at which a rule that is broken is reported. */
function placesOf(rule: AcrossRule, input: Input): string[] {
  const missing = rule.fields.filter((field) => !isGiven(input[field]));
  if (rule.kind !== "ALL_OR_NONE") return isBroken(rule, input, missing) ? [rule.reportedOn] : [];
  return missing.length < rule.fields.length ? missing : [];
}

function isBroken({ kind, fields, by, cases }: AcrossRule, input: Input, missing: string[]) {
  const values = fields.map((field) => input[field]);
  const chosenBy = input[by ?? ""];
  const limits = cases?.find(({ value }) => value === (chosenBy == null ? null : `${chosenBy}`));
  const isOutside = (number: number) =>
    number < (limits?.min ?? number) || number > (limits?.max ?? number);
  switch (kind) {
    case "AT_LEAST_ONE":
      return missing.length === fields.length;
    case "NEEDS":
      return isGiven(values[0]) && missing.length > 0;
    case "EXCLUDES":
      return isGiven(values[0]) && missing.length < fields.length - 1;
    case "MAX_BY":
      return values.some((value) => typeof value === "number" && isOutside(value));
    case "COUNT_BY":
      return values.some((value) => isOutside(textsIn(value).length));
    case "DISJOINT":
      return textsIn(values[0]).some((text) => textsIn(values[1]).includes(text));
    default:
      return false; // A kind that is unknown here.
  }
}

const textsIn = (value: unknown) =>
  Object.values(value ?? {}).map((entry) => folded(trimmed(String(entry))));

/** Neither null nor false; a text with a visible character, a list or a map with entries. */
function isGiven(value: unknown): boolean {
  if (typeof value === "string") return !isBlank(value);
  if (typeof value === "object") return Object.keys(value ?? {}).length > 0;
  return value !== undefined && value !== false;
}
