import { definePage } from '../../app/page';
import type { PeoplePageQuery } from '../../relay/__generated__/PeoplePageQuery.graphql';
import parameters from '../../relay/__generated__/PeoplePageQuery$parameters';
import { preload } from '../../relay/pageQueries';
import { variablesOf } from './variables';

export const people = definePage(
  () => import('./PeoplePage'),
  (environment, _params: object, search) =>
    preload<PeoplePageQuery>(environment, parameters, variablesOf(search.get('q') ?? '')),
);
