import type { PeoplePageQuery$variables } from '../../relay/__generated__/PeoplePageQuery.graphql';

/** The variables of the query for the people in whose name or e-mail address a text is. */
export function variablesOf(text: string): PeoplePageQuery$variables {
  const contains = text.trim();
  if (contains === '') return { filter: null };
  return { filter: { or: [{ name: { contains } }, { email: { contains } }] } };
}
