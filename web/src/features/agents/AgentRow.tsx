import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useMessages } from '../../messages/Messages';
import type { AgentRow_agent$data, AgentRow_agent$key } from '../../relay/__generated__/AgentRow_agent.graphql';
import { DirectoryRow } from '../directory';

const ROW = graphql`
  fragment AgentRow_agent on Agent {
    id
    name
    iconUrl
    version
    updatedAt
  }
`;

/** An agent as the list has it. */
export type Agent = Omit<AgentRow_agent$data, ' $fragmentType'>;

interface Props {
  agent: AgentRow_agent$key;
  onEdit: (agent: Agent) => void;
  /** Also told what has the focus once the row is gone. */
  onRemove: (agent: Agent, next: HTMLElement | null) => void;
}

/** An agent of the list. */
export function AgentRow({ agent: key, onEdit, onRemove }: Props) {
  const t = useMessages();
  const agent = useFragment(ROW, key);
  return (
    <DirectoryRow
      id={agent.id}
      name={agent.name}
      isAgent={true}
      updatedAt={agent.updatedAt}
      words={t.agents}
      onEdit={() => onEdit(agent)}
      onRemove={(next) => onRemove(agent, next)}
    />
  );
}
