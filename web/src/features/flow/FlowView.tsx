import { ReactFlowProvider } from '@xyflow/react';
import { useCallback, useMemo, useState } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useSession } from '../../app/session';
import { useMessages } from '../../messages/Messages';
import type { FlowView_scenario$key } from '../../relay/__generated__/FlowView_scenario.graphql';
import { useDerived } from '../../relay/useDerived';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { useMedia } from '../../ui/useMedia';
import { ConnectionsList } from './ConnectionsList';
import { FlowDownloads } from './FlowDownloads';
import { FlowPicture } from './FlowPicture';
import { pictureOf, type FlowStep } from './picture';
import { useRetargetedEdges } from './useRetargetedEdges';
import './FlowView.css';

const SCENARIO = graphql`
  fragment FlowView_scenario on CrmScenario {
    id
    name
    revision
    flow {
      steps {
        crmStep {
          id
          name
          version
          trigger
          isConversationRemovalStep
          defaultStatus
          autoNextStepId
        }
      }
      edges {
        from
        to
        kind
        delaySeconds
        isBackward
        lane
      }
    }
    diagnostics {
      code
      severity
      params {
        name
        value
      }
      stepIndexes
    }
  }
`;

const REFRESH = graphql`
  query FlowViewRefreshQuery($id: ID!) {
    crmScenario(id: $id) {
      ...FlowView_scenario
    }
  }
`;

export interface FlowViewProps {
  scenario: FlowView_scenario$key;
  /** The ids of steps that are lit. They come into view whenever this is another list. */
  highlight?: readonly string[] | undefined;
  /** The step whose panel is open. */
  selectedStepId?: string | undefined;
  onOpenStep: (id: string) => void;
  /** Opens a step at its timer; without it at its beginning. */
  onOpenTimer?: ((id: string) => void) | undefined;
  /** Only the picture: nothing of it can be changed, saved or shown in words. */
  isPlain?: boolean | undefined;
}

const NONE: readonly string[] = [];
/** Narrower windows show the steps in words below the picture. */
const PHONE = '(max-width: 48rem)';

/** How conversations move between the steps of a pipeline; fills the block in which it stands. */
export default function FlowView({
  scenario,
  highlight = NONE,
  selectedStepId,
  onOpenStep,
  onOpenTimer = onOpenStep,
  isPlain = false,
}: FlowViewProps) {
  const t = useMessages();
  const { can } = useSession();
  const data = useFragment(SCENARIO, scenario);
  useDerived(REFRESH, data.id, data.revision);
  const isPhone = useMedia(PHONE);
  const [isListWanted, setListWanted] = useState<boolean | null>(null);
  const isListShown = !isPlain && (isListWanted ?? isPhone);

  const { steps: rows, edges: stored } = data.flow;
  // A deleted step is null, whatever the schema says, until the flow has been read again.
  const flowSteps = useMemo(() => rows.map((row): FlowStep => row.crmStep), [rows]);
  const [edges, retarget] = useRetargetedEdges(data.id, flowSteps, stored);
  const picture = useMemo(() => pictureOf(flowSteps, edges, data.diagnostics), [flowSteps, edges, data.diagnostics]);
  const lit = useMemo(() => new Set(highlight), [highlight]);
  const open = useCallback(
    (index: number) => {
      const id = picture.steps[index]?.id;
      if (id != null) onOpenStep(id);
    },
    [picture, onOpenStep],
  );
  const openTimer = useCallback(
    (index: number) => {
      const id = picture.steps[index]?.id;
      if (id != null) onOpenTimer(id);
    },
    [picture, onOpenTimer],
  );

  if (picture.steps.length === 0)
    return (
      <EmptyState icon="flow" title={t.flow.empty}>
        {t.flow.emptyText}
      </EmptyState>
    );
  return (
    <section className="flow-view" aria-label={t.flow.title}>
      {!isPlain && (
        <div className="flow-view-bar">
          <Button
            icon="list"
            size="sm"
            variant="quiet"
            aria-expanded={isListShown}
            onPress={() => setListWanted(!isListShown)}
          >
            {t.flow.showList}
          </Button>
          <FlowDownloads id={data.id} />
        </div>
      )}
      <div className="flow-view-picture">
        <ReactFlowProvider>
          <FlowPicture
            label={t.flow.titleOf(data.name)}
            picture={picture}
            edges={edges}
            selectedStepId={selectedStepId}
            highlight={lit}
            onOpen={open}
            onOpenTimer={openTimer}
            onRetarget={can.write && !isPlain ? retarget : null}
          />
        </ReactFlowProvider>
      </div>
      {isListShown && (
        <div className="flow-view-list">
          <ConnectionsList picture={picture} onOpen={open} />
        </div>
      )}
    </section>
  );
}
