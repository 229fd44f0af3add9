import { definePage } from '../../app/page';

/** `/plan` */
export const plan = definePage<object>(() => import('./PlanPage'));
