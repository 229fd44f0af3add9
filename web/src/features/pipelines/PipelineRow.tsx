import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { Link } from 'wouter';
import { paths } from '../../app/routes';
import { useSession } from '../../app/session';
import { useFormat, useMessages } from '../../messages/Messages';
import type { PipelineRow_scenario$key } from '../../relay/__generated__/PipelineRow_scenario.graphql';
import { IconButton } from '../../ui/IconButton';
import { Menu } from '../../ui/Menu';
import { RelativeTime } from '../../ui/RelativeTime';
import { Tag } from '../../ui/Tag';
import { PipelineChain } from './PipelineChain';
import { usePipelineCommands } from './usePipelineCommands';
import './PipelineRow.css';

const RenameDialog = lazy(() => import('./RenameDialog'));
const DeleteDialog = lazy(() => import('./DeleteDialog'));

const ROW = graphql`
  fragment PipelineRow_scenario on CrmScenario {
    id
    name
    version
    stepCount
    updatedAt
    stepsUpdatedAt
    diagnosticCounts {
      errors
      warnings
      infos
    }
    ...PipelineChain_scenario
  }
`;

interface Props {
  scenario: PipelineRow_scenario$key;
  connection: string;
}

/** A pipeline of the list: a link to it, and a menu of what can be done with it. */
export function PipelineRow({ scenario: key, connection }: Props) {
  const t = useMessages();
  const format = useFormat();
  const { can } = useSession();
  const scenario = useFragment(ROW, key);
  const { duplicate, exportFile } = usePipelineCommands(connection);
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null);
  const row = useRef<HTMLLIElement>(null);
  const next = useRef<HTMLElement>(null);
  useEffect(
    () => () => {
      // Deleted: the focus goes on to the neighbour, once the question is gone with the row.
      const neighbour = next.current;
      if (neighbour !== null) requestAnimationFrame(() => neighbour.focus());
    },
    [],
  );
  const { id, name, stepCount, updatedAt, stepsUpdatedAt } = scenario;
  const changedAt = stepsUpdatedAt != null && stepsUpdatedAt > updatedAt ? stepsUpdatedAt : updatedAt;
  function openDelete() {
    next.current = neighbourOf(row.current);
    setDialog('delete');
  }

  function closeDelete() {
    next.current = null;
    setDialog(null);
  }

  const disabledReason = can.write ? undefined : t.frame.readOnlyReason;
  return (
    <li ref={row} className="pipeline-row">
      <div className="pipeline-row-head">
        <h2 className="pipeline-row-name" translate="no">
          <Link href={paths.pipeline(id)}>{name}</Link>
        </h2>
        <div className="pipeline-row-facts">
          <span>{stepCount === 0 ? t.pipelines.noSteps : t.pipelines.steps(stepCount, format.number(stepCount))}</span>
          {stepCount > 0 && <Problems {...scenario.diagnosticCounts} />}
          <span>
            {t.pipelines.changed} <RelativeTime at={changedAt} />
          </span>
        </div>
      </div>
      <PipelineChain scenario={scenario} />
      <div className="pipeline-row-menu">
        <Menu
          label={t.pipelines.actions(name)}
          trigger={<IconButton icon="more" label={t.pipelines.actions(name)} />}
          items={[
            {
              id: 'rename',
              label: t.pipelines.rename,
              icon: 'edit',
              disabledReason,
              onAction: () => setDialog('rename'),
            },
            {
              id: 'duplicate',
              label: t.pipelines.duplicate,
              icon: 'copy',
              disabledReason,
              onAction: () => void duplicate({ id, name }),
            },
            { id: 'export', label: t.pipelines.export, icon: 'download', onAction: () => void exportFile(id) },
            '-',
            {
              id: 'delete',
              label: t.pipelines.delete,
              icon: 'delete',
              isDanger: true,
              disabledReason,
              onAction: openDelete,
            },
          ]}
        />
      </div>
      {dialog !== null && (
        <Suspense>
          {dialog === 'rename' ? (
            <RenameDialog scenario={scenario} connection={connection} onClose={() => setDialog(null)} />
          ) : (
            <DeleteDialog scenario={scenario} connection={connection} onClose={closeDelete} />
          )}
        </Suspense>
      )}
    </li>
  );
}

function Problems({ errors, warnings, infos }: { errors: number; warnings: number; infos: number }) {
  const t = useMessages();
  const format = useFormat();
  const problems = errors + warnings;
  if (problems > 0) {
    return (
      <Tag tone={errors > 0 ? 'danger' : 'warning'} icon="alert">
        {t.pipelines.problems(problems, format.number(problems))}
      </Tag>
    );
  }
  if (infos > 0) return <span>{t.pipelines.notes(infos, format.number(infos))}</span>;
  return <span>{t.pipelines.noProblems}</span>;
}

/** What has the focus after a deletion: where the person can go on. */
function neighbourOf(row: HTMLElement | null): HTMLElement | null {
  const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
  return neighbour?.querySelector('a') ?? document.querySelector('h1');
}
