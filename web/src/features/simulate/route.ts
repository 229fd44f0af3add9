import { definePage } from '../../app/page';
import type { SimulatePageQuery } from '../../relay/__generated__/SimulatePageQuery.graphql';
import parameters from '../../relay/__generated__/SimulatePageQuery$parameters';
import { preload } from '../../relay/pageQueries';

export const simulate = definePage(
  () => import('./SimulatePage'),
  (environment, { id }: { id: string }) => preload<SimulatePageQuery>(environment, parameters, { id }),
);
