import { diagnosticTime } from '../../messages/diagnosticTime';
import { useFormat, useMessages } from '../../messages/Messages';
import type { Messages } from '../../messages/en';
import { Icon } from '../../ui/Icon';
import { Tag } from '../../ui/Tag';
import type { StepProblem } from './problems';

const ICONS = { ERROR: 'error', WARNING: 'alert', INFO: 'info' } as const;
const TONES = { ERROR: 'danger', WARNING: 'warning', INFO: 'neutral' } as const;
const WORST_FIRST = ['ERROR', 'WARNING', 'INFO'] as const;

/** How many there are, in the colour of the worst. */
export function ProblemCount({ problems }: { problems: readonly StepProblem[] }) {
  const format = useFormat();
  const severities = problems.map(({ severity }) => severityOf(severity));
  const worst = WORST_FIRST.find((severity) => severities.includes(severity)) ?? 'INFO';
  return (
    <Tag tone={TONES[worst]} icon={ICONS[worst]}>
      {format.number(problems.length)}
    </Tag>
  );
}

/** What is allowed, and probably a mistake. */
export function Problems({ problems, stepId }: { problems: readonly StepProblem[]; stepId: string }) {
  const t = useMessages();
  const format = useFormat();
  if (problems.length === 0) return <p className="step-note">{t.step.problemsNone}</p>;
  return (
    <ul className="step-findings">
      {problems.map((problem) => {
        const severity = severityOf(problem.severity);
        const others = problem.steps.filter(({ id }) => id !== stepId);
        return (
          <li key={problem.code} className={`step-finding step-finding-${severity.toLowerCase()}`}>
            <Icon name={ICONS[severity]} label={t.values.severity[severity]} />
            <div>
              <strong>{titleOf(t, format.durationInWords, problem)}</strong>
              {others.length > 0 && <p translate="no">{others.map(({ name }) => name).join(' · ')}</p>}
              <p>{whyOf(t, problem)}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** A severity that this version does not know is shown as a warning. */
function severityOf(text: string): keyof typeof ICONS {
  return text === 'ERROR' || text === 'INFO' ? text : 'WARNING';
}

type Explained = (typeof Object.prototype & Messages['diagnostics'])[keyof Messages['diagnostics']];

function explained(t: Messages, code: string): Explained | undefined {
  const known: Readonly<Record<string, Explained>> = t.diagnostics;
  return Object.hasOwn(known, code) ? known[code] : undefined;
}

/** A code that this page does not know keeps the sentence of the service. */
function titleOf(t: Messages, durationInWords: (seconds: number) => string, problem: StepProblem): string {
  const about = { count: problem.steps.length, time: durationInWords(diagnosticTime(problem.params)) };
  return explained(t, problem.code)?.title(about) ?? problem.message;
}

function whyOf(t: Messages, problem: StepProblem): string | undefined {
  return explained(t, problem.code)?.why;
}
