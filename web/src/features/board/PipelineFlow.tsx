import { usePreloadedQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import type { PipelineFlowQuery } from '../../relay/__generated__/PipelineFlowQuery.graphql';
import { usePageQuery } from '../../relay/usePageQuery';
import FlowView from '../flow/FlowView';

const QUERY = graphql`
  query PipelineFlowQuery($id: ID!) {
    crmScenario(id: $id) {
      ...FlowView_scenario
    }
  }
`;

/** The view of a pipeline as a picture. Its query is its own, because board and list do without its answer. */
export default function PipelineFlow({
  id,
  lit,
  open,
  onOpen,
  onOpenTimer,
}: {
  id: string;
  /** The steps that the list of problems has pointed at. */
  lit: readonly string[] | undefined;
  /** The step whose panel is open. */
  open: string | undefined;
  onOpen: (id: string) => void;
  onOpenTimer: (id: string) => void;
}) {
  const query = usePageQuery<PipelineFlowQuery>(QUERY, { id });
  const { crmScenario } = usePreloadedQuery<PipelineFlowQuery>(QUERY, query);
  if (crmScenario == null) return null;
  return (
    <FlowView
      scenario={crmScenario}
      highlight={lit}
      selectedStepId={open}
      onOpenStep={onOpen}
      onOpenTimer={onOpenTimer}
    />
  );
}
