import { lazy } from 'react';
import { usePreloadedQuery, type PreloadedQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { UndoProvider } from '../../app/undo';
import { useMessages } from '../../messages/Messages';
import { usePageQuery } from '../../relay/usePageQuery';
import type { PipelinePageQuery } from '../../relay/__generated__/PipelinePageQuery.graphql';
import { Pane } from '../../ui/Pane';
import { Pipeline } from './Pipeline';
import { PipelineSkeleton } from './PipelineSkeleton';

const GonePipeline = lazy(() => import('./GonePipeline'));

const QUERY = graphql`
  query PipelinePageQuery($id: ID!) @preloadable {
    changesCursor
    crmScenario(id: $id) {
      id
      ...Pipeline_scenario
    }
  }
`;

/** The page of a pipeline: `/pipelines/:id`. */
export default function PipelinePage({ params: { id } }: { params: { id: string } }) {
  const t = useMessages();
  const query = usePageQuery<PipelinePageQuery>(QUERY, { id });
  return (
    <Pane label={t.board.pipeline} skeleton={<PipelineSkeleton />} resetKey={id}>
      <Content id={id} query={query} />
    </Pane>
  );
}

function Content({ id, query }: { id: string; query: PreloadedQuery<PipelinePageQuery> }) {
  const { changesCursor, crmScenario } = usePreloadedQuery<PipelinePageQuery>(QUERY, query);
  if (crmScenario == null) return <GonePipeline id={id} />;
  return (
    <UndoProvider of={id}>
      <Pipeline key={id} scenario={crmScenario} cursor={changesCursor} />
    </UndoProvider>
  );
}
