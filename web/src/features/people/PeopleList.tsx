import { lazy } from 'react';
import { usePaginationFragment, usePreloadedQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import type { PeopleList_query$key } from '../../relay/__generated__/PeopleList_query.graphql';
import type { PeopleListPageQuery } from '../../relay/__generated__/PeopleListPageQuery.graphql';
import type { PeoplePageQuery } from '../../relay/__generated__/PeoplePageQuery.graphql';
import { DirectoryList, type FoundProps } from '../directory';
import { PersonRow } from './PersonRow';

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

/** The people that were found, by their names. */
export function PeopleList({ document, query, ...found }: FoundProps<PeoplePageQuery>) {
  const { data, ...pages } = usePaginationFragment<PeopleListPageQuery, PeopleList_query$key>(
    LIST,
    usePreloadedQuery<PeoplePageQuery>(document, query),
  );
  return (
    <DirectoryList
      {...found}
      of="people"
      icon="people"
      connection={data.memberships}
      pages={pages}
      changes={CHANGES}
      after={data.changesCursor}
      Row={PersonRow}
      Dialog={PersonDialog}
      Remove={RemovePerson}
    />
  );
}
