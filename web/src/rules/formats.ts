// What the formats of texts demand beyond their patterns.

import type { FieldRules, Param } from './types';
import { characters, isBlank } from './text';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const LABEL = /^[0-9A-Za-z_-]{1,63}$/;
const HOST_MAX = 253;
const SEPARATORS_OF_DIGITS = /[().\/\p{Dash}\p{Default_Ignorable_Code_Point}\p{Zs}]/u;

/**
 * Whether the text has the format of these rules, with the params of the violation if it has not. A format that is
 * unknown here demands nothing.
 */
export function formatFault(rules: FieldRules, text: string): readonly Param[] | null {
  const isValid = matches(rules, text);
  switch (rules.format) {
    case 'PHONE':
      return phoneFault(rules.pattern, text) ?? (isValid ? null : []);
    case 'UUID':
      return isValid && isUuid(text) ? null : [];
    case 'HTTP_URL':
      return isValid && isHttpUrl(rules, text) ? null : [];
    default:
      return isValid ? null : [];
  }
}

/** Whether the text is an id: any other text is one that nothing has. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

const compiled = new Map<string, RegExp | null>();

function matches({ pattern, patternMaxLength }: FieldRules, text: string): boolean {
  if (patternMaxLength != null && characters(text) > patternMaxLength) return false;
  if (pattern === null || pattern === undefined) return true;
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  return compiled.get(pattern)?.test(text) ?? true;
}

function compile(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    // A newer syntax than that of this browser: the service checks it.
    return null;
  }
}

/** The first character that no phone number has, or the number of digits if there are too few or too many. */
function phoneFault(pattern: string | null | undefined, text: string): readonly Param[] | null {
  let digits = 0;
  let hasPlus = false;
  for (const character of text) {
    if (/[0-9]/.test(character)) digits += 1;
    else if (character === '+' && digits === 0 && !hasPlus) hasPlus = true;
    else if (!SEPARATORS_OF_DIGITS.test(character)) return [{ name: 'character', value: character }];
  }
  // The numbers are only in the pattern, at its end.
  const [, min, max] = /\{(\d+),(\d+)\}\$$/.exec(pattern ?? '') ?? [];
  if (min === undefined || max === undefined || (Number(min) <= digits && digits <= Number(max))) return null;
  return [
    { name: 'min', value: min },
    { name: 'max', value: max },
    { name: 'actual', value: String(digits) },
  ];
}

function isHttpUrl(rules: FieldRules, text: string): boolean {
  if (/[\p{White_Space}\p{Cc}\\]/u.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  const host = url.hostname.replace(/\.$/, '');
  const isAddress = host.startsWith('[');
  const isName = host.length <= HOST_MAX && host.split('.').every((label) => LABEL.test(label));
  if (url.port === '0' || !(isAddress || isName)) return false;
  // Where hosts can be forbidden, that comes before their spelling, and only the operator knows which ones are.
  return rules.codes.includes('URL_NOT_ALLOWED') || isPlain(text.split(/[/?#]/)[2] ?? '');
}

/** Whether all parsers read a host alike. */
function isPlain(host: string): boolean {
  return ![...host].some((character) => character === '%' || isBlank(character));
}
