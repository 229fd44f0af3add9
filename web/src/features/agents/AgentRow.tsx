import { lazy, Suspense, useRef, useState } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useMessages } from '../../messages/Messages';
import type { AgentRow_agent$key } from '../../relay/__generated__/AgentRow_agent.graphql';
import { DirectoryRow } from '../directory';

const AgentDialog = lazy(() => import('./AgentDialog'));
const RemoveAgent = lazy(() => import('./RemoveAgent'));

const ROW = graphql`
  fragment AgentRow_agent on Agent {
    id
    name
    iconUrl
    version
    updatedAt
  }
`;

/** An agent of the list. */
export function AgentRow({ agent: key }: { agent: AgentRow_agent$key }) {
  const t = useMessages();
  const agent = useFragment(ROW, key);
  const [dialog, setDialog] = useState<'edit' | 'remove' | null>(null);
  const next = useRef<HTMLElement>(null);
  const close = () => setDialog(null);
  return (
    <>
      <DirectoryRow
        id={agent.id}
        name={agent.name}
        isAgent={true}
        updatedAt={agent.updatedAt}
        words={t.agents}
        onEdit={() => setDialog('edit')}
        onRemove={(neighbour) => {
          next.current = neighbour;
          setDialog('remove');
        }}
      />
      {dialog !== null && (
        <Suspense>
          {dialog === 'edit' ? (
            <AgentDialog agent={agent} onClose={close} />
          ) : (
            <RemoveAgent agent={agent} onClose={close} onRemoved={() => next.current?.focus()} />
          )}
        </Suspense>
      )}
    </>
  );
}
