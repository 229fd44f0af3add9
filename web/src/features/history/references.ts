import { isReference } from '../../ui/difference/labels';
import type { FieldValues } from './putBack';

/** All ids in the differences of fields, each once, in their order. */
export function referencedIds(fields: readonly FieldValues[]): string[] {
  const ids = fields.filter(({ name }) => isReference(name)).flatMap(({ before, after }) => [before, after].flat());
  return [...new Set(ids.filter((id) => typeof id === 'string'))];
}
