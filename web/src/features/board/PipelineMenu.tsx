import { lazy, Suspense, useState } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useLocation } from 'wouter';
import { paths, type View } from '../../app/routes';
import { useMessages } from '../../messages/Messages';
import type { PipelineMenu_scenario$key } from '../../relay/__generated__/PipelineMenu_scenario.graphql';
import { IconButton } from '../../ui/IconButton';
import { Menu } from '../../ui/Menu';
import { copyOrSay } from '../../ui/copyText';
import { showToast } from '../../ui/toasts';
import { usePipeline } from './pipelineContext';
import type { WholeCommand } from './PipelineCommand';

const PipelineCommand = lazy(() => import('./PipelineCommand'));

const FRAGMENT = graphql`
  fragment PipelineMenu_scenario on CrmScenario {
    id
    name
    version
    stepCount
  }
`;

/** What can be done with the pipeline as a whole. */
export function PipelineMenu({ scenario, view }: { scenario: PipelineMenu_scenario$key; view: View | undefined }) {
  const t = useMessages();
  const [, navigate] = useLocation();
  const { readOnly } = usePipeline();
  const data = useFragment(FRAGMENT, scenario);
  const [command, setCommand] = useState<WholeCommand | null>(null);
  const disabledReason = readOnly ?? undefined;
  const { id } = data;
  const copyLink = async () => {
    if (await copyOrSay(t, window.location.href)) showToast({ text: t.board.linkCopied });
  };
  return (
    <>
      <Menu
        trigger={<IconButton icon="more" label={t.board.more} />}
        items={() => [
          { id: 'history', label: t.board.history, icon: 'history', onAction: () => navigate(paths.history(id)) },
          { id: 'simulate', label: t.board.simulate, icon: 'play', onAction: () => navigate(paths.simulate(id, { view })) },
          {
            id: 'link',
            label: t.board.copyLink,
            icon: 'link',
            onAction: () => void copyLink(),
          },
          '-',
          {
            id: 'duplicate',
            label: t.pipelines.duplicate,
            icon: 'copy',
            disabledReason,
            onAction: () => setCommand('duplicate'),
          },
          { id: 'export', label: t.pipelines.export, icon: 'download', onAction: () => setCommand('export') },
          {
            id: 'delete',
            label: t.pipelines.delete,
            icon: 'delete',
            isDanger: true,
            disabledReason,
            onAction: () => setCommand('delete'),
          },
        ]}
      />
      {command !== null && (
        <Suspense>
          <PipelineCommand command={command} scenario={data} onEnd={() => setCommand(null)} />
        </Suspense>
      )}
    </>
  );
}
