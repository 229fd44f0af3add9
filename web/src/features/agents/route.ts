import { definePage } from '../../app/page';
import type { AgentsPageQuery } from '../../relay/__generated__/AgentsPageQuery.graphql';
import parameters from '../../relay/__generated__/AgentsPageQuery$parameters';
import { preload } from '../../relay/pageQueries';
import { variablesOf } from './variables';

export const agents = definePage(
  () => import('./AgentsPage'),
  (environment, _params: object, search) =>
    preload<AgentsPageQuery>(environment, parameters, variablesOf(search.get('q') ?? '')),
);
