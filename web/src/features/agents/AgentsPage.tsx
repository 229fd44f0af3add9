import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { graphql } from 'relay-runtime';
import { UndoProvider } from '../../app/undo';
import { useFindText } from '../../app/useFindText';
import { useMessages } from '../../messages/Messages';
import type { AgentsPageQuery } from '../../relay/__generated__/AgentsPageQuery.graphql';
import { usePageQuery } from '../../relay/usePageQuery';
import { Pane } from '../../ui/Pane';
import { DirectoryPage, DirectorySkeleton } from '../directory';
import { AgentList } from './AgentList';
import { variablesOf } from './variables';

const AgentDialog = lazy(() => import('./AgentDialog'));

const QUERY = graphql`
  query AgentsPageQuery($filter: AgentFilter) @preloadable {
    ...AgentList_query @arguments(filter: $filter)
  }
`;

/** All agents of the organization. */
export default function AgentsPage() {
  return (
    <UndoProvider of="agents">
      <Content />
    </UndoProvider>
  );
}

function Content() {
  const t = useMessages();
  const [text, setText] = useFindText();
  // What is there stays until what is found is there.
  const found = useDeferredValue(text);
  const query = usePageQuery<AgentsPageQuery>(QUERY, variablesOf(found));
  const [isCreating, setCreating] = useState(false);
  return (
    <DirectoryPage
      title={t.agents.title}
      intro={t.agents.intro}
      findLabel={t.agents.find}
      text={text}
      onText={setText}
      createLabel={t.agents.add}
      onCreate={() => setCreating(true)}
    >
      {(create) => (
        <>
          <Pane label={t.agents.title} skeleton={<DirectorySkeleton />} resetKey={found}>
            <AgentList document={QUERY} query={query} find={found} onFindAll={() => setText('')} create={create} />
          </Pane>
          {isCreating && (
            <Suspense>
              <AgentDialog agent={null} onClose={() => setCreating(false)} />
            </Suspense>
          )}
        </>
      )}
    </DirectoryPage>
  );
}
