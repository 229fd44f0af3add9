import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useFormat, useMessages } from '../../messages/Messages';
import type { PipelineChain_scenario$key } from '../../relay/__generated__/PipelineChain_scenario.graphql';
import { Icon } from '../../ui/Icon';
import { VisuallyHidden } from '../../ui/VisuallyHidden';
import './PipelineChain.css';

const CHAIN = graphql`
  fragment PipelineChain_scenario on CrmScenario {
    name
    stepCount
    steps(first: 8) {
      nodes {
        id
        name
        isConversationRemovalStep
        autoNextDelaySeconds
        autoNextStepId
      }
    }
  }
`;

/** The first steps of a pipeline in their order, with the waiting times between them. */
export function PipelineChain({ scenario }: { scenario: PipelineChain_scenario$key }) {
  const t = useMessages();
  const format = useFormat();
  const { name, stepCount, steps } = useFragment(CHAIN, scenario);
  const { nodes } = steps;
  const rest = stepCount - nodes.length;
  if (nodes.length === 0) return null;
  return (
    <ol className="pipeline-chain" aria-label={t.pipelines.firstSteps(name)}>
      {nodes.map((step, index) => {
        const next = nodes[index + 1];
        const { autoNextDelaySeconds: delay, autoNextStepId: target } = step;
        // A timer that leads elsewhere is for the flow to show.
        const leadsOn = delay != null && (target == null || target === next?.id);
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
            {(next !== undefined || rest > 0) && (
              <span className="pipeline-chain-arrow">
                {leadsOn && (
                  <>
                    <span aria-hidden="true">{format.duration(delay)}</span>
                    <VisuallyHidden>{t.pipelines.afterDelay(format.durationInWords(delay))}</VisuallyHidden>
                  </>
                )}
                <Icon name="chevronRight" />
              </span>
            )}
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
