import { graphql, readInlineData } from 'relay-runtime';
import type { problems_diagnostic$key } from '../../relay/__generated__/problems_diagnostic.graphql';
import type { problems_scenario$key } from '../../relay/__generated__/problems_scenario.graphql';

/** Something that is allowed and probably a mistake. */
export interface StepProblem {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly params: readonly { readonly name: string; readonly value: string }[];
  readonly steps: readonly { readonly id: string; readonly name: string }[];
}

const DIAGNOSTIC = graphql`
  fragment problems_diagnostic on CrmDiagnostic @inline {
    code
    severity
    message
    params {
      name
      value
    }
    steps {
      id
      name
    }
  }
`;

const OF_SCENARIO = graphql`
  fragment problems_scenario on CrmScenario @inline {
    diagnostics {
      ...problems_diagnostic
    }
  }
`;

/** The problems of a scenario that are about this step. */
export function readProblems(scenario: problems_scenario$key, stepId: string): StepProblem[] {
  return problemsOf(readInlineData(OF_SCENARIO, scenario).diagnostics, stepId);
}

/** Those of a payload that are about this step. */
export function problemsOf(
  diagnostics: readonly problems_diagnostic$key[] | null | undefined,
  stepId: string,
): StepProblem[] {
  const all = (diagnostics ?? []).map((diagnostic) => readInlineData(DIAGNOSTIC, diagnostic));
  return all.filter(({ steps }) => steps.some(({ id }) => id === stepId));
}
