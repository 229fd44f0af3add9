import type { IconName } from '../../ui/Icon';
import type { Severity } from './problems';

/** Told apart by shape as well: a circle, a triangle, a circle with an i. */
export const ICONS: Record<Severity, IconName> = { ERROR: 'error', WARNING: 'alert', INFO: 'info' };
