// Fields of the input that this page has no place for: what a newer service says about them.

import type { IEnvironment, RequestParameters } from 'relay-runtime';
import type { InputRules } from '../../rules/evaluate';
import { INPUT_FIELDS } from './__generated__/inputFields';
import { isKnown } from './stored';

/** How a value is typed. */
export type MoreKind =
  | { readonly is: 'text' }
  | { readonly is: 'number'; readonly isWhole: boolean }
  | { readonly is: 'flag' }
  | { readonly is: 'choice'; readonly options: readonly MoreOption[] }
  | { readonly is: 'texts' }
  | { readonly is: 'choices'; readonly options: readonly MoreOption[] }
  /** An object, or a list of these: there is no control for it. */
  | { readonly is: 'other' };

export interface MoreOption {
  readonly id: string;
  readonly description: string | null;
}

export interface MoreField {
  readonly name: string;
  readonly description: string | null;
  readonly kind: MoreKind;
}

/** Of the inputs of steps: what the form knows without a control for it. */
const OF_THE_FORM: ReadonlySet<string> = new Set(['id', 'scenarioId']);

/** The fields of an input that the form has no place for. */
export function fieldsWithoutPlace(rules: InputRules): string[] {
  const fields = rules.fields.filter(({ path }) => path.length === 1).map(({ path: [field = ''] }) => field);
  return fields.filter((field) => !isKnown(field) && !OF_THE_FORM.has(field));
}

/** A type as introspection returns it. */
interface IntrospectedType {
  readonly kind: string;
  readonly name: string | null;
  readonly enumValues?: readonly { readonly name: string; readonly description: string | null }[] | null;
  readonly ofType?: IntrospectedType | null;
}

interface IntrospectedField {
  readonly name: string;
  readonly description: string | null;
  readonly type: IntrospectedType;
}

const asked = new WeakMap<IEnvironment, Map<string, Promise<readonly MoreField[]>>>();

/** What the schema says about the fields of an input; each input is asked about once in a session. */
export function moreFieldsOf(environment: IEnvironment, input: string): Promise<readonly MoreField[]> {
  let ofSession = asked.get(environment);
  if (ofSession === undefined) asked.set(environment, (ofSession = new Map()));
  let fields = ofSession.get(input);
  if (fields === undefined) {
    ofSession.set(input, (fields = introspect(environment, input)));
    fields.catch(() => ofSession.delete(input));
  }
  return fields;
}

/** Relay compiles no document about the schema: this one is sent by its hash as the others are. */
const DOCUMENT: RequestParameters = {
  id: INPUT_FIELDS,
  metadata: {},
  name: 'inputFields',
  operationKind: 'query',
  text: null,
};

async function introspect(environment: IEnvironment, input: string): Promise<readonly MoreField[]> {
  const response = await environment.getNetwork().execute(DOCUMENT, { name: input }, { force: true }).toPromise();
  // The document says of which form the data is.
  const { data } = response as { data: { __type: { inputFields: readonly IntrospectedField[] } | null } };
  const fields = data.__type?.inputFields ?? [];
  return fields.map(({ name, description, type }) => ({ name, description, kind: kindOf(type) }));
}

function kindOf(type: IntrospectedType): MoreKind {
  const { kind, name, ofType } = type;
  switch (kind) {
    case 'NON_NULL':
      return ofType ? kindOf(ofType) : { is: 'other' };
    case 'ENUM':
      return { is: 'choice', options: optionsOf(type) };
    case 'SCALAR':
      return kindOfScalar(name ?? '');
    case 'LIST': {
      const ofEntry: MoreKind = ofType ? kindOf(ofType) : { is: 'other' };
      if (ofEntry.is === 'text') return { is: 'texts' };
      return ofEntry.is === 'choice' ? { is: 'choices', options: ofEntry.options } : { is: 'other' };
    }
    default:
      return { is: 'other' };
  }
}

function kindOfScalar(name: string): MoreKind {
  switch (name) {
    case 'Boolean':
      return { is: 'flag' };
    case 'Int':
      return { is: 'number', isWhole: true };
    case 'Float':
      return { is: 'number', isWhole: false };
    case 'String':
    case 'ID':
    case 'DateTime':
      return { is: 'text' };
    default:
      // Any JSON.
      return { is: 'other' };
  }
}

function optionsOf({ enumValues }: IntrospectedType): MoreOption[] {
  return (enumValues ?? []).map(({ name, description }) => ({ id: name, description }));
}
