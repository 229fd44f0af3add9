import type { PipelinesPageQuery$variables } from '../../relay/__generated__/PipelinesPageQuery.graphql';

/** The variables of the query for the pipelines whose name contains a text. */
export function variablesOf(text: string): PipelinesPageQuery$variables {
  const contains = text.trim();
  return { filter: contains === '' ? null : { name: { contains } } };
}
