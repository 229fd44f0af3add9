import type { AgentsPageQuery$variables } from '../../relay/__generated__/AgentsPageQuery.graphql';

/** The variables of the query for the agents in whose name a text is. */
export function variablesOf(text: string): AgentsPageQuery$variables {
  const contains = text.trim();
  if (contains === '') return { filter: null };
  return { filter: { name: { contains } } };
}
