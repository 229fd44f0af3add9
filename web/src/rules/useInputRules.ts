import { use } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import type { useInputRulesQuery } from '../relay/__generated__/useInputRulesQuery.graphql';
import type { InputRules } from './types';

const RULES = graphql`
  query useInputRulesQuery($inputs: [String!]!) {
    inputRules(inputs: $inputs) {
      fields {
        path
        isRequired
        isTrimmed
        isOneLine
        mayBeBlank
        maxLength
        lengthUnit
        pattern
        patternMaxLength
        format
        isBlankExempt
        min
        max
        maxItems
        isUnique
        notOneOf
        references
        codes
        formatCode
        notAllowedCode
      }
      across {
        kind
        fields
        by
        cases {
          value
          min
          max
        }
        reportedOn
        code
      }
    }
  }
`;

/** The rules that were asked for, by session: they change only with the version and the settings of the service. */
const asked = new WeakMap<IEnvironment, Map<string, Promise<InputRules>>>();

/**
 * The rules of an input, like `UpdateCrmStepInput`. Each is read once in a session, when a form needs it; until then
 * the component suspends, and a failure is thrown.
 */
export function useInputRules(input: string): InputRules {
  return use(rulesOf(useRelayEnvironment(), input));
}

/** Reads the rules of an input before a form needs them. */
export function rulesOf(environment: IEnvironment, input: string): Promise<InputRules> {
  let ofSession = asked.get(environment);
  if (ofSession === undefined) asked.set(environment, (ofSession = new Map()));
  let rules = ofSession.get(input);
  if (rules === undefined) {
    ofSession.set(input, (rules = read(environment, input)));
    // The next form asks again.
    rules.catch(() => ofSession.delete(input));
  }
  return rules;
}

async function read(environment: IEnvironment, input: string): Promise<InputRules> {
  const data = await fetchQuery<useInputRulesQuery>(environment, RULES, { inputs: [input] }).toPromise();
  return data?.inputRules[0] ?? { fields: [], across: [] };
}
