import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useMessages } from '../../messages/Messages';
import type { AgentRow_agent$data, AgentRow_agent$key } from '../../relay/__generated__/AgentRow_agent.graphql';
import { DirectoryRow, type RowProps } from '../directory';

const ROW = graphql`
  fragment AgentRow_agent on Agent {
    id
    name
    iconUrl
    version
    updatedAt
    usedByCount
  }
`;

/** An agent as the list has it. */
export type Agent = Omit<AgentRow_agent$data, ' $fragmentType'>;

/** An agent of the list. */
export function AgentRow({ entity: key, edit, remove }: RowProps<AgentRow_agent$key, Agent>) {
  const t = useMessages();
  const agent = useFragment(ROW, key);
  return (
    <DirectoryRow
      id={agent.id}
      name={agent.name}
      isAgent={true}
      updatedAt={agent.updatedAt}
      usedByCount={agent.usedByCount}
      words={t.agents}
      onEdit={() => edit(agent)}
      onRemove={(next) => remove(agent, next)}
    />
  );
}
