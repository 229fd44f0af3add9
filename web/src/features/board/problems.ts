/** A diagnostic of the pipeline, as far as cards show it. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: string;
  /** A step that has been deleted since is null, whatever the schema says. */
  readonly steps: readonly ({ readonly id: string } | null)[];
}

/** The diagnostics of a step. */
export interface StepProblems {
  /** The most serious severity among them. */
  severity: 'ERROR' | 'WARNING' | 'INFO';
  /** Those that are counted: notes only where there is nothing worse, as in the bar of the pipeline. */
  codes: string[];
}

const RANK = { INFO: 0, WARNING: 1, ERROR: 2 } as const;

function severityOf(text: string): StepProblems['severity'] {
  // A severity that this version does not know is shown as a warning.
  return text === 'ERROR' || text === 'INFO' ? text : 'WARNING';
}

/** The problems of each step that has any, by its id. */
export function problemsByStep(diagnostics: readonly Diagnostic[]): Map<string, StepProblems> {
  const problems = new Map<string, StepProblems>();
  for (const { code, severity: text, steps } of diagnostics) {
    const severity = severityOf(text);
    for (const step of steps) {
      if (step === null) continue;
      const { id } = step;
      const known = problems.get(id);
      if (known === undefined || (known.severity === 'INFO' && severity !== 'INFO')) {
        problems.set(id, { severity, codes: [code] });
      } else if (severity !== 'INFO' || known.severity === 'INFO') {
        known.codes.push(code);
        if (RANK[severity] > RANK[known.severity]) known.severity = severity;
      }
    }
  }
  return problems;
}
