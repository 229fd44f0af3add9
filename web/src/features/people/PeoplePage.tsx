import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { graphql } from 'relay-runtime';
import { UndoProvider } from '../../app/undo';
import { useFindText } from '../../app/useFindText';
import { useMessages } from '../../messages/Messages';
import type { PeoplePageQuery } from '../../relay/__generated__/PeoplePageQuery.graphql';
import { usePageQuery } from '../../relay/usePageQuery';
import { Pane } from '../../ui/Pane';
import { DirectoryPage, DirectorySkeleton } from '../directory';
import { PeopleList } from './PeopleList';
import { variablesOf } from './variables';

const PersonDialog = lazy(() => import('./PersonDialog'));

const QUERY = graphql`
  query PeoplePageQuery($filter: MembershipFilter) @preloadable {
    ...PeopleList_query @arguments(filter: $filter)
  }
`;

/** All people of the organization. */
export default function PeoplePage() {
  return (
    <UndoProvider of="people">
      <Content />
    </UndoProvider>
  );
}

function Content() {
  const t = useMessages();
  const [text, setText] = useFindText();
  // What is there stays until what is found is there.
  const found = useDeferredValue(text);
  const query = usePageQuery<PeoplePageQuery>(QUERY, variablesOf(found));
  const [isCreating, setCreating] = useState(false);
  return (
    <DirectoryPage
      title={t.people.title}
      intro={t.people.intro}
      findLabel={t.people.find}
      text={text}
      onText={setText}
      createLabel={t.people.add}
      onCreate={() => setCreating(true)}
    >
      {(create) => (
        <>
          <Pane label={t.people.title} skeleton={<DirectorySkeleton />} resetKey={found}>
            <PeopleList document={QUERY} query={query} find={found} onFindAll={() => setText('')} create={create} />
          </Pane>
          {isCreating && (
            <Suspense>
              <PersonDialog membership={null} onClose={() => setCreating(false)} />
            </Suspense>
          )}
        </>
      )}
    </DirectoryPage>
  );
}
