import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { Link } from 'wouter';
import { paths } from '../../app/routes';
import { useFormat, useMessages } from '../../messages/Messages';
import type { PipelineChain_scenario$key } from '../../relay/__generated__/PipelineChain_scenario.graphql';
import { Icon } from '../../ui/Icon';
import { VisuallyHidden } from '../../ui/VisuallyHidden';
import './PipelineChain.css';

const CHAIN = graphql`
  fragment PipelineChain_scenario on CrmScenario {
    id
    name
    stepCount
    steps(first: 8) {
      nodes {
        id
        name
        isConversationRemovalStep
        autoNextDelaySeconds
        autoNextStepId
        autoNextStep {
          id
          name
        }
      }
    }
  }
`;

/**
 * The first steps of a pipeline in their order. Between two there is an arrow only where a timer leads from one to the
 * other; one that leads elsewhere is a mark at its step.
 */
export function PipelineChain({ scenario }: { scenario: PipelineChain_scenario$key }) {
  const t = useMessages();
  const format = useFormat();
  const { id, name, stepCount, steps } = useFragment(CHAIN, scenario);
  const { nodes } = steps;
  const rest = stepCount - nodes.length;
  if (nodes.length === 0) return null;
  return (
    <ol className="pipeline-chain" aria-label={t.pipelines.firstSteps(name)}>
      {nodes.map((step, index) => {
        const next = nodes[index + 1];
        const { autoNextDelaySeconds: delay, autoNextStepId: target, autoNextStep } = step;
        const leadsOn = delay != null && (target == null || target === next?.id);
        const elsewhere =
          delay == null || leadsOn || autoNextStep == null
            ? null
            : t.pipelines.leadsElsewhere(format.durationInWords(delay), autoNextStep.name);
        return (
          <li key={step.id} className="pipeline-chain-step">
            <span className="pipeline-chain-name" title={step.name} translate="no">
              {step.name}
            </span>
            {step.isConversationRemovalStep === true && (
              <span className="pipeline-chain-exit">
                <Icon name="exit" />
                <VisuallyHidden>{t.pipelines.removes}</VisuallyHidden>
              </span>
            )}
            {delay != null && elsewhere !== null && (
              <>
                {/* Over the link of the row, so that its title is shown; it leads to where the timer is drawn. */}
                <Link
                  className="pipeline-chain-elsewhere"
                  href={paths.pipeline(id, { view: 'flow' })}
                  title={elsewhere}
                  tabIndex={-1}
                  aria-hidden="true"
                >
                  <Icon name="clock" />
                  {format.duration(delay)}
                </Link>
                <VisuallyHidden>{elsewhere}</VisuallyHidden>
              </>
            )}
            {(next !== undefined || rest > 0) &&
              (leadsOn ? (
                <span className="pipeline-chain-arrow">
                  <span aria-hidden="true">{format.duration(delay)}</span>
                  <VisuallyHidden>{t.pipelines.afterDelay(format.durationInWords(delay))}</VisuallyHidden>
                  <Icon name="arrowRight" />
                </span>
              ) : (
                <span className="pipeline-chain-separator" aria-hidden="true">
                  ·
                </span>
              ))}
          </li>
        );
      })}
      {rest > 0 && (
        <li className="pipeline-chain-rest">
          <span aria-hidden="true">{t.pipelines.moreSteps(format.number(rest))}</span>
          <VisuallyHidden>{t.pipelines.moreStepsInWords(rest, format.number(rest))}</VisuallyHidden>
        </li>
      )}
    </ol>
  );
}
