// The problems of a pipeline, as the console shows them.

import type { CrmDiagnosticCode, CrmDiagnosticSeverity } from '../../relay/__generated__/useProblems_scenario.graphql';

/** A diagnostic, with values that this page may be too old to know left as they are. */
export interface Problem {
  readonly code: CrmDiagnosticCode;
  readonly severity: CrmDiagnosticSeverity;
  /** The server's English sentence. */
  readonly message: string;
  readonly params: readonly { readonly name: string; readonly value: string }[];
  readonly steps: readonly { readonly id: string; readonly name: string }[];
}

/** The worst first. */
export const SEVERITIES = ['ERROR', 'WARNING', 'INFO'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The known severity that a problem is shown with; an unknown one is shown as a hint. */
export function severityOf(problem: Pick<Problem, 'severity'>): Severity {
  return SEVERITIES.find((known) => known === problem.severity) ?? 'INFO';
}

/** How many problems there are of each severity. */
export function countsOf(problems: readonly Pick<Problem, 'severity'>[]): Record<Severity, number> {
  const counts = { ERROR: 0, WARNING: 0, INFO: 0 };
  for (const problem of problems) counts[severityOf(problem)] += 1;
  return counts;
}

/** What of the problems is shown: all severities and codes where it names none. */
export interface ProblemFilter {
  severity: Severity | null;
  code: CrmDiagnosticCode | null;
}

export function matches(problem: Pick<Problem, 'severity' | 'code'>, filter: ProblemFilter): boolean {
  return (
    (filter.severity === null || severityOf(problem) === filter.severity) &&
    (filter.code === null || problem.code === filter.code)
  );
}
