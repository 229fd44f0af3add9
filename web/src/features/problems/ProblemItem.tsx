import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Heading } from 'react-aria-components/Heading';
import { Fragment } from 'react';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { severityOf, type Problem } from './problems';
import { ICONS } from './severity';
import { inWords } from './words';
import './ProblemItem.css';

/** A problem of a hundred steps has links to the first of them only. */
const MAX_STEPS = 10;

/** One problem: what it is, its steps, and why it is one. */
export function ProblemItem({
  problem,
  onOpenStep,
  onShowInFlow,
}: {
  problem: Problem;
  onOpenStep: (id: string) => void;
  onShowInFlow: (ids: string[]) => void;
}) {
  const t = useMessages();
  const format = useFormat();
  const severity = severityOf(problem);
  const { sentence, why } = inWords(t, format, problem);
  return (
    <li className="problem" data-code={problem.code}>
      <div className="problem-head">
        <span className={`problem-severity problems-${severity.toLowerCase()}`}>
          <Icon name={ICONS[severity]} />
          {t.values.severity[severity]}
        </span>
        {problem.steps.length > 0 && (
          <Button
            size="sm"
            variant="quiet"
            icon="flow"
            className="problem-show"
            onPress={() => onShowInFlow(problem.steps.map(({ id }) => id))}
          >
            {t.problems.showInFlow}
          </Button>
        )}
      </div>
      <p className="problem-sentence">{sentence}</p>
      <ProblemSteps problem={problem} onOpenStep={onOpenStep} />
      {why !== null && (
        <Disclosure className="problem-why">
          <Heading level={3} className="problem-why-head">
            <AriaButton slot="trigger" className="problem-why-button">
              <Icon name="chevronRight" />
              {t.problems.why}
            </AriaButton>
          </Heading>
          <DisclosurePanel className="problem-why-panel">
            <p>{why}</p>
          </DisclosurePanel>
        </Disclosure>
      )}
    </li>
  );
}

function ProblemSteps({ problem, onOpenStep }: { problem: Problem; onOpenStep: (id: string) => void }) {
  const t = useMessages();
  const format = useFormat();
  const { steps } = problem;
  const isCycle = problem.params.some(({ name }) => name === 'periodSeconds');
  return (
    <div className="problem-steps">
      {steps.slice(0, MAX_STEPS).map(({ id, name }, index) => (
        <Fragment key={id}>
          {isCycle && index > 0 && <Icon name="arrowRight" />}
          <button
            type="button"
            className="problem-step"
            aria-label={t.problems.openStep(name)}
            onClick={() => onOpenStep(id)}
          >
            <span translate="no">{name}</span>
          </button>
        </Fragment>
      ))}
      {steps.length > MAX_STEPS && <span>{t.problems.moreSteps(format.number(steps.length - MAX_STEPS))}</span>}
    </div>
  );
}
