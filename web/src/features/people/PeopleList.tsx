import { lazy, Suspense, type ReactNode } from 'react';
import { usePaginationFragment, usePreloadedQuery, useRelayEnvironment, type PreloadedQuery } from 'react-relay/hooks';
import { graphql, type GraphQLTaggedNode } from 'relay-runtime';
import { useFormat, useMessages } from '../../messages/Messages';
import type { PeopleList_query$key } from '../../relay/__generated__/PeopleList_query.graphql';
import type { PeopleListPageQuery } from '../../relay/__generated__/PeopleListPageQuery.graphql';
import type { PeopleListSubscription } from '../../relay/__generated__/PeopleListSubscription.graphql';
import type { PeoplePageQuery } from '../../relay/__generated__/PeoplePageQuery.graphql';
import { useChanges } from '../../relay/live';
import { refreshPage } from '../../relay/pageQueries';
import { DirectoryList, useRowDialog } from '../directory';
import { PersonRow, type Person } from './PersonRow';

const PersonDialog = lazy(() => import('./PersonDialog'));
const RemovePerson = lazy(() => import('./RemovePerson'));

const LIST = graphql`
  fragment PeopleList_query on Query
  @refetchable(queryName: "PeopleListPageQuery")
  @argumentDefinitions(
    filter: { type: "MembershipFilter" }
    count: { type: "Int", defaultValue: 50 }
    cursor: { type: "String" }
  ) {
    changesCursor
    memberships(first: $count, after: $cursor, filter: $filter, orderBy: [{ field: NAME }])
      @connection(key: "PeopleList_memberships", filters: ["filter"]) {
      __id
      totalCount
      edges {
        node {
          id
          ...PersonRow_membership
        }
      }
    }
  }
`;

const CHANGES = graphql`
  subscription PeopleListSubscription($after: String, $connections: [ID!]!) {
    changes(after: $after, subjectTypes: [MEMBERSHIP]) {
      cursor
      node {
        ...live_change
        deletedId @deleteEdge(connections: $connections)
        subject {
          ... on Membership {
            ...PersonRow_membership @alias
          }
        }
      }
    }
  }
`;

interface Props {
  document: GraphQLTaggedNode;
  query: PreloadedQuery<PeoplePageQuery>;
  /** The text that is looked for. */
  find: string;
  onFindAll: () => void;
  /** The button that makes a new one. */
  create: ReactNode;
}

/** The people that were found, by their names. What others do to them is shown as it happens. */
export function PeopleList({ document, query, find, onFindAll, create }: Props) {
  const t = useMessages();
  const format = useFormat();
  const environment = useRelayEnvironment();
  const { data, hasNext, loadNext, isLoadingNext } = usePaginationFragment<PeopleListPageQuery, PeopleList_query$key>(
    LIST,
    usePreloadedQuery<PeoplePageQuery>(document, query),
  );
  const { __id: connection, totalCount, edges } = data.memberships;
  useChanges<PeopleListSubscription>(CHANGES, { connections: [connection] }, data.changesCursor, () => {
    // Where it belongs in the list, and how many there are, only the service knows.
    void refreshPage(environment);
  });
  const { open, edit, remove, close, closeRemoved } = useRowDialog<Person>();
  return (
    <>
      <DirectoryList
        label={t.people.title}
        icon="people"
        countText={t.people.count(totalCount, format.number(totalCount))}
        rows={edges.map(({ node }) => (
          <PersonRow key={node.id} membership={node} onEdit={edit} onRemove={remove} />
        ))}
        find={find}
        onFindAll={onFindAll}
        create={create}
        words={t.people}
        hasNext={hasNext}
        isLoadingNext={isLoadingNext}
        onNext={() => loadNext(50)}
      />
      {open !== null && (
        <Suspense>
          {open.is === 'edit' ? (
            <PersonDialog membership={open.of} onClose={close} />
          ) : (
            <RemovePerson membership={open.of} connection={connection} onClose={close} onRemoved={closeRemoved} />
          )}
        </Suspense>
      )}
    </>
  );
}
