import { lazy, Suspense, useState } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { PageHeading } from '../../app/PageHeading';
import { useMessages } from '../../messages/Messages';
import type { PipelineName_scenario$key } from '../../relay/__generated__/PipelineName_scenario.graphql';
import { IconButton } from '../../ui/IconButton';
import { usePipeline } from './pipelineContext';
import './PipelineName.css';

const RenameForm = lazy(() => import('./RenameForm'));

const FRAGMENT = graphql`
  fragment PipelineName_scenario on CrmScenario {
    id
    name
    version
    stepCount
  }
`;

/** The name of the pipeline as the heading of the page, which can be changed in its place. */
export function PipelineName({ scenario }: { scenario: PipelineName_scenario$key }) {
  const t = useMessages();
  const { readOnly } = usePipeline();
  const data = useFragment(FRAGMENT, scenario);
  const [isRenaming, setRenaming] = useState(false);
  const heading = (
    <>
      <PageHeading title={data.name} isData />
      <IconButton
        icon="edit"
        size="sm"
        label={t.pipelines.renameTitle}
        isDisabled={readOnly !== null}
        disabledReason={readOnly ?? undefined}
        onPress={() => setRenaming(true)}
      />
    </>
  );
  return (
    <div className="pipeline-name">
      {isRenaming ? (
        <Suspense fallback={heading}>
          <PageHeading title={data.name} isData className="visually-hidden" />
          <RenameForm scenario={data} onClose={() => setRenaming(false)} />
        </Suspense>
      ) : (
        heading
      )}
    </div>
  );
}
