import { usePreloadedQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import type { PipelineProblemsQuery } from '../../relay/__generated__/PipelineProblemsQuery.graphql';
import { usePageQuery } from '../../relay/usePageQuery';
import ProblemsPanel, { type ProblemsPanelProps } from '../problems/ProblemsPanel';

const QUERY = graphql`
  query PipelineProblemsQuery($id: ID!) {
    crmScenario(id: $id) {
      ...ProblemsPanel_scenario
    }
  }
`;

/** The panel with the problems of a pipeline. Its query is its own: the page itself shows only how many there are. */
export default function PipelineProblems({ id, ...props }: { id: string } & Omit<ProblemsPanelProps, 'scenario'>) {
  const query = usePageQuery<PipelineProblemsQuery>(QUERY, { id });
  const { crmScenario } = usePreloadedQuery<PipelineProblemsQuery>(QUERY, query);
  return crmScenario == null ? null : <ProblemsPanel scenario={crmScenario} {...props} />;
}
