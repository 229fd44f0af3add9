import { diagnosticTime } from '../../messages/diagnosticTime';
import type { Messages } from '../../messages/en';
import type { Format } from '../../messages/format';
import type { Problem } from './problems';

/** The name of a problem's kind, for a filter. One that this page is too old to know keeps its code. */
export function kindOf(t: Messages, code: string): string {
  const kinds: Readonly<Record<string, string>> = t.problems.kinds;
  return kinds[code] ?? code;
}

/** A problem in the language of `t`. Without `why` the page is too old to know the code: the sentence is the server's. */
export function inWords(t: Messages, format: Format, problem: Problem): { sentence: string; why: string | null } {
  const known: Readonly<Partial<Record<string, Messages['diagnostics'][keyof Messages['diagnostics']]>>> =
    t.diagnostics;
  const diagnostic = known[problem.code];
  if (diagnostic === undefined) return { sentence: problem.message, why: null };
  const about = { count: problem.steps.length, time: format.durationInWords(diagnosticTime(problem.params)) };
  return { sentence: diagnostic.title(about), why: diagnostic.why };
}
