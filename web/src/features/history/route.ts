import { definePage } from '../../app/page';

/** `/pipelines/:id/history`, also of a pipeline that was deleted. */
export const history = definePage<{ id: string }>(() => import('./HistoryPage'));
