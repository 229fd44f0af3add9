import { lazy, Suspense, useDeferredValue, useRef, useState } from 'react';
import { graphql } from 'relay-runtime';
import { PageHeading } from '../../app/PageHeading';
import { useSession } from '../../app/session';
import { useAction, useShortcut } from '../../app/shortcuts';
import { UndoProvider } from '../../app/undo';
import { UndoButtons } from '../../app/UndoButtons';
import { useMessages } from '../../messages/Messages';
import type { PipelinesPageQuery } from '../../relay/__generated__/PipelinesPageQuery.graphql';
import { usePageQuery } from '../../relay/usePageQuery';
import { Button } from '../../ui/Button';
import { Pane } from '../../ui/Pane';
import { TextField } from '../../ui/TextField';
import { PipelineList } from './PipelineList';
import { PipelineListSkeleton } from './PipelineListSkeleton';
import { useFindText } from '../../app/useFindText';
import { variablesOf } from './variables';
import '../../app/Page.css';

const CreateDialog = lazy(() => import('./CreateDialog'));
const DeletedDialog = lazy(() => import('./DeletedDialog'));

const QUERY = graphql`
  query PipelinesPageQuery($filter: CrmScenarioFilter) @preloadable {
    ...PipelineList_query @arguments(filter: $filter)
  }
`;

/** All pipelines of the organization. */
export default function PipelinesPage() {
  return (
    <UndoProvider of="pipelines">
      <Pipelines />
    </UndoProvider>
  );
}

function Pipelines() {
  const t = useMessages();
  const { can } = useSession();
  const [text, setText] = useFindText();
  // What is there stays until what is found is there.
  const found = useDeferredValue(text);
  const query = usePageQuery<PipelinesPageQuery>(QUERY, variablesOf(found));
  const [isCreating, setCreating] = useState(false);
  const [isShowingDeleted, setShowingDeleted] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useShortcut({ keys: '/', label: t.pipelines.find, run: () => field.current?.focus() });
  useShortcut({ keys: 'n', label: t.pipelines.create, run: () => setCreating(true), isEnabled: can.write });
  const showDeleted = () => setShowingDeleted(true);
  useAction({ id: 'pipelines.deleted', label: t.pipelines.deletedOnes, run: showDeleted });
  const create = (
    <Button
      variant="primary"
      icon="add"
      isDisabled={!can.write}
      disabledReason={t.frame.readOnlyReason}
      onPress={() => setCreating(true)}
    >
      {t.pipelines.create}
    </Button>
  );
  return (
    <div className="page">
      <header className="page-head">
        <PageHeading title={t.pipelines.title} />
        <div className="page-tools">
          <TextField
            className="page-find"
            label={t.pipelines.find}
            isLabelHidden
            type="search"
            icon="search"
            placeholder={t.pipelines.findPlaceholder}
            value={text}
            onChange={setText}
            inputRef={field}
          />
          <UndoButtons />
          {create}
        </div>
      </header>
      <Pane label={t.pipelines.list} skeleton={<PipelineListSkeleton />} resetKey={found}>
        <PipelineList document={QUERY} query={query} find={found} onFindAll={() => setText('')} create={create} />
      </Pane>
      <Button className="pipelines-deleted" variant="quiet" size="sm" icon="archive" onPress={showDeleted}>
        {t.pipelines.deletedOnes}
      </Button>
      {isCreating && (
        <Suspense>
          <CreateDialog onClose={() => setCreating(false)} />
        </Suspense>
      )}
      {isShowingDeleted && (
        <Suspense>
          <DeletedDialog onClose={() => setShowingDeleted(false)} />
        </Suspense>
      )}
    </div>
  );
}
