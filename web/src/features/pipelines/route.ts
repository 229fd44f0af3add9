import { definePage } from '../../app/page';
import type { PipelinesPageQuery } from '../../relay/__generated__/PipelinesPageQuery.graphql';
import parameters from '../../relay/__generated__/PipelinesPageQuery$parameters';
import { preload } from '../../relay/pageQueries';
import { variablesOf } from './variables';

export const pipelines = definePage(
  () => import('./PipelinesPage'),
  (environment, _params: object, search) =>
    preload<PipelinesPageQuery>(environment, parameters, variablesOf(search.get('q') ?? '')),
);
