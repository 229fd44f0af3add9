// The rules of an input, as `inputRules` of the API publishes them. The types are wider than those of the generated
// documents, because a newer service may send kinds and formats that are unknown here; these are skipped.

/** What the values at one path of an input have to be. */
export interface FieldRules {
  readonly path: readonly string[];
  readonly isRequired: boolean;
  readonly isTrimmed: boolean;
  readonly isOneLine: boolean;
  readonly mayBeBlank: boolean;
  readonly maxLength: number | null | undefined;
  readonly lengthUnit: string;
  readonly pattern: string | null | undefined;
  readonly patternMaxLength: number | null | undefined;
  readonly format: string | null | undefined;
  readonly isBlankExempt: boolean;
  readonly min: number | null | undefined;
  readonly max: number | null | undefined;
  readonly maxItems: number | null | undefined;
  readonly isUnique: boolean;
  readonly notOneOf: readonly string[] | null | undefined;
  readonly references: string | null | undefined;
  readonly codes: readonly string[];
  readonly formatCode: string | null | undefined;
  readonly notAllowedCode: string | null | undefined;
}

/** Limits for one value of the field that a rule reads. */
export interface RuleCase {
  readonly value: string | null | undefined;
  readonly min: number | null | undefined;
  readonly max: number | null | undefined;
}

/** A rule across fields. */
export interface AcrossRule {
  readonly kind: string;
  readonly fields: readonly string[];
  readonly by: string | null | undefined;
  readonly cases: readonly RuleCase[] | null | undefined;
  readonly reportedOn: string;
  readonly code: string;
}

/** All rules of one input. */
export interface InputRules {
  readonly fields: readonly FieldRules[];
  readonly across: readonly AcrossRule[];
}

/** A value in the sentence about a violation. A name may occur more than once. */
export interface Param {
  readonly name: string;
  readonly value: string;
}

/** A rule that an input breaks: the path from the field on, and the code and the params that the service reports. */
export interface Violation {
  readonly path: readonly string[];
  readonly code: string;
  readonly params: readonly Param[];
}

/** The values of an input by its fields. An absent field is not sent. */
export type Input = Readonly<Record<string, unknown>>;
