import { definePage } from '../../app/page';
import parameters from '../../relay/__generated__/PipelinePageQuery$parameters';
import { preload } from '../../relay/pageQueries';

/** A pipeline as board, list or flow. */
export const pipeline = definePage<{ id: string }>(
  () => import('./PipelinePage'),
  (environment, { id }) => preload(environment, parameters, { id }),
);
