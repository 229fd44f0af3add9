import { lazy } from 'react';
import { graphql } from 'relay-runtime';
import type { PeoplePageQuery } from '../../relay/__generated__/PeoplePageQuery.graphql';
import { DirectoryPage } from '../directory';
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
    <DirectoryPage<PeoplePageQuery>
      of="people"
      document={QUERY}
      variablesOf={variablesOf}
      List={PeopleList}
      Dialog={PersonDialog}
    />
  );
}
