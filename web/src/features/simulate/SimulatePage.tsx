import { lazy, useMemo } from 'react';
import { usePreloadedQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useLocation, useSearch } from 'wouter';
import { PageHeading } from '../../app/PageHeading';
import { paths, viewOf } from '../../app/routes';
import { useMessages } from '../../messages/Messages';
import type { SimulatePageQuery, SimulatePageQuery$data } from '../../relay/__generated__/SimulatePageQuery.graphql';
import { useDerived } from '../../relay/useDerived';
import { useLive } from '../../relay/live';
import { usePageQuery } from '../../relay/usePageQuery';
import { EmptyState } from '../../ui/EmptyState';
import { LinkButton } from '../../ui/LinkButton';
import { Pane } from '../../ui/Pane';
import { Skeleton } from '../../ui/Skeleton';
import { VisuallyHidden } from '../../ui/VisuallyHidden';
import { Simulation } from './Simulation';
import { useDirectory } from './useDirectory';
import './SimulatePage.css';

const FlowView = lazy(() => import('../flow/FlowView'));

const QUERY = graphql`
  query SimulatePageQuery($id: ID!) @preloadable {
    changesCursor
    crmScenario(id: $id) {
      id
      name
      revision
      ...FlowView_scenario
      ...useDirectory_scenario
    }
  }
`;

const REFRESH = graphql`
  query SimulatePageRefreshQuery($id: ID!) {
    crmScenario(id: $id) {
      ...useDirectory_scenario
    }
  }
`;

type Scenario = NonNullable<SimulatePageQuery$data['crmScenario']>;

/** The dry run of a pipeline: what would happen to a conversation, with the picture of the flow above it. */
export default function SimulatePage({ params: { id } }: { params: { id: string } }) {
  const t = useMessages();
  const { crmScenario, changesCursor } = usePreloadedQuery<SimulatePageQuery>(
    QUERY,
    usePageQuery<SimulatePageQuery>(QUERY, { id }),
  );
  if (crmScenario == null) {
    const action = <LinkButton href={paths.pipelines()}>{t.simulate.allPipelines}</LinkButton>;
    return (
      <>
        <VisuallyHidden>
          <PageHeading title={t.simulate.gone} />
        </VisuallyHidden>
        <EmptyState icon="flow" title={t.simulate.gone} action={action}>
          {t.simulate.goneText}
        </EmptyState>
      </>
    );
  }
  return <SimulationOf scenario={crmScenario} changesCursor={changesCursor} />;
}

function SimulationOf({ scenario, changesCursor }: { scenario: Scenario; changesCursor: string }) {
  const t = useMessages();
  const [, navigate] = useLocation();
  const view = viewOf(new URLSearchParams(useSearch()).get('view'));
  const directory = useDirectory(scenario);
  useLive(scenario.id, changesCursor);
  useDerived(REFRESH, scenario.id, scenario.revision);
  const openStep = (step: string) => navigate(paths.pipeline(scenario.id, { view: 'flow', step }));
  return (
    <div className="simulate-page">
      <header className="simulate-page-head">
        <LinkButton href={paths.pipeline(scenario.id, { view })} variant="quiet" size="sm" icon="chevronLeft">
          {t.simulate.back}
        </LinkButton>
        <PageHeading title={t.simulate.titleOf(scenario.name)} />
        <p className="simulate-page-note">{t.simulate.dryRun}</p>
      </header>
      <Simulation
        id={scenario.id}
        revision={scenario.revision}
        directory={directory}
        renderPicture={(litStepId) => <Picture scenario={scenario} litStepId={litStepId} onOpenStep={openStep} />}
      />
    </div>
  );
}

function Picture({
  scenario,
  litStepId,
  onOpenStep,
}: {
  scenario: Scenario;
  litStepId: string | null;
  onOpenStep: (id: string) => void;
}) {
  const t = useMessages();
  // The picture goes to what is lit when this is another list.
  const highlight = useMemo(() => (litStepId === null ? [] : [litStepId]), [litStepId]);
  return (
    <Pane label={t.flow.title} skeleton={<Skeleton height="12rem" />}>
      <FlowView scenario={scenario} highlight={highlight} onOpenStep={onOpenStep} isPlain />
    </Pane>
  );
}
