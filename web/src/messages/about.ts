import type { UserErrorCode } from './__generated__/enums';

/** A rule that an input broke, as the service and the published rules report it. */
export interface UserErrorData {
  readonly field: readonly string[];
  readonly code: string;
  readonly message: string;
  readonly params: readonly { readonly name: string; readonly value: string }[];
}

/** What a sentence about a broken rule is made of. */
export interface About {
  /** The field: `autoNextTime`. That of an entry of a list or a map is the list or the map. */
  readonly field: string;
  /** The place of the entry in its list, from 1; null if it is about the whole field. */
  readonly at: number | null;
  /** The entry of a map: the name of a header. */
  readonly key: string;
  /** The value of a param, or nothing. */
  text(param: string): string;
  /** All values of a param that there is several times. */
  all(param: string): string[];
  number(param: string): number;
}

export type Sentence = string | ((about: About) => string);

/** A sentence for each code: one that is missing is a type error. */
export type Sentences = Readonly<Record<UserErrorCode, Sentence>>;

const MAPS = new Set(['webhookHeader']);

/** What is known about a broken rule. */
export function aboutOf({ field: path, params }: Pick<UserErrorData, 'field' | 'params'>): About {
  const all = (param: string) => params.filter(({ name }) => name === param).map(({ value }) => value);
  const text = (param: string) => all(param)[0] ?? '';
  return { ...placeOf(path), all, text, number: (param) => Number(text(param)) };
}

function placeOf(path: readonly string[]): Pick<About, 'field' | 'at' | 'key'> {
  const map = path.findIndex((name) => MAPS.has(name));
  if (map >= 0) return { field: path[map] ?? '', at: null, key: path[map + 1] ?? '' };
  const last = path.at(-1) ?? '';
  if (path.length > 1 && /^\d+$/.test(last)) return { field: path.at(-2) ?? '', at: Number(last) + 1, key: '' };
  return { field: last, at: null, key: '' };
}

// What a field holds decides the sentence. The fields are those of steps, in a call and in a file.

export function isAgent(field: string): boolean {
  return field === 'agentId' || field === 'zapiAgentId' || field === 'whatsappTemplateAgentId';
}

export function isTags(field: string): boolean {
  return field === 'defaultTags' || field === 'defaultTagsToRemove';
}

export function isPeople(field: string): boolean {
  return field === 'selectedMembershipIdsForAssignee' || field === 'selectedMembershipEmails';
}

/** Whether it names something of the organization instead of having its id. */
export function isByName(field: string): boolean {
  return /(?:Name|Emails?|Key|Ref)$/.test(field);
}

export function isOneLine(field: string): boolean {
  return field === 'name' || isTags(field);
}

// Not seen, or not on its own.
const NOT_SHOWN =
  /[\p{C}\p{M}\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800\u{1d159}\u{13441}\u{13442}\u{16fe4}]/u;

/** A character as a sentence shows it: in quotes, or by its code point where it would not be seen. */
export function shown(character: string): string {
  if (!NOT_SHOWN.test(character)) return `“${character}”`;
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}`;
}
