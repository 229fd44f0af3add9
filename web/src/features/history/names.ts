import { useCallback, useMemo, useRef, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql } from 'relay-runtime';
import type { NameOf } from '../../ui/difference/labels';
import type { namesQuery } from '../../relay/__generated__/namesQuery.graphql';

const NAMES = graphql`
  query namesQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Agent {
        name
      }
      ... on Membership {
        name
      }
      ... on CrmStep {
        name
      }
      ... on CrmScenario {
        name
      }
    }
  }
`;

/** As many as the service finds at once. */
const IDS_MAX = 100;

export interface Names {
  nameOf: NameOf;
  /** Asks for names that are not known yet; what is known from elsewhere comes first. */
  learn: (ids: readonly string[], known: ReadonlyMap<string, string>) => void;
}

/** Names by id, as a history needs them: of what its fields refer to, and of what was deleted. */
export function useNames(): Names {
  const environment = useRelayEnvironment();
  const asked = useRef(new Set<string>());
  const [names, setNames] = useState<ReadonlyMap<string, string | null>>(new Map());

  const learn = useCallback<Names['learn']>(
    (ids, known) => {
      setNames((before) => withAll(before, known));
      const fresh = ids.filter((id) => !asked.current.has(id));
      for (let start = 0; start < fresh.length; start += IDS_MAX) {
        const part = fresh.slice(start, start + IDS_MAX);
        for (const id of part) asked.current.add(id);
        fetchQuery<namesQuery>(environment, NAMES, { ids: part }).subscribe({
          next: ({ nodes }) => setNames((before) => withAll(before, foundOf(part, nodes))),
          // Ids are shown instead, and asked for again with the next changes.
          error: () => part.forEach((id) => asked.current.delete(id)),
        });
      }
    },
    [environment],
  );
  return useMemo(() => ({ nameOf: (id) => names.get(id), learn }), [learn, names]);
}

/** Both, where a name is better than the knowledge that there is none. */
function withAll(
  before: ReadonlyMap<string, string | null>,
  more: ReadonlyMap<string, string | null>,
): ReadonlyMap<string, string | null> {
  const news = [...more].filter(([id, name]) => before.get(id) !== name && (name !== null || before.get(id) == null));
  return news.length === 0 ? before : new Map([...before, ...news]);
}

function foundOf(ids: readonly string[], nodes: namesQuery['response']['nodes']): Map<string, string | null> {
  return new Map(ids.map((id, index) => [id, nameIn(nodes[index])]));
}

function nameIn(node: namesQuery['response']['nodes'][number] | undefined): string | null {
  return node && 'name' in node && typeof node.name === 'string' ? node.name : null;
}
