import { useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql } from 'relay-runtime';
import { useMessages } from '../../messages/Messages';
import type { SetAgentDialogQuery } from '../../relay/__generated__/SetAgentDialogQuery.graphql';
import { Button } from '../../ui/Button';
import { ComboField, type ComboItem, type ComboLoad } from '../../ui/ComboField';
import { Dialog } from '../../ui/Dialog';
import { Segmented } from '../../ui/Segmented';
import './dialogs.css';

const AGENTS = graphql`
  query SetAgentDialogQuery($filter: AgentFilter, $after: String) {
    agents(first: 50, after: $after, filter: $filter, orderBy: { field: NAME }) {
      nodes {
        id
        name
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`;

export interface SetAgentDialogProps {
  count: number;
  /** Null takes the agent away. */
  onSet: (agentId: string | null) => void;
  onClose: () => void;
}

/** Chooses the agent of several steps. */
export default function SetAgentDialog({ count, onSet, onClose }: SetAgentDialogProps) {
  const t = useMessages();
  const environment = useRelayEnvironment();
  const [what, setWhat] = useState<'agent' | 'none'>('agent');
  const [agent, setAgent] = useState<ComboItem | null>(null);
  const load: ComboLoad = async ({ text, cursor }) => {
    const filter = text.trim() === '' ? null : { name: { contains: text.trim() } };
    const variables = { filter, after: cursor ?? null };
    const data = await fetchQuery<SetAgentDialogQuery>(environment, AGENTS, variables).toPromise();
    const { nodes = [], pageInfo } = data?.agents ?? {};
    const next = pageInfo?.hasNextPage === true ? pageInfo.endCursor : null;
    return { items: nodes.map(({ id, name }) => ({ id, label: name })), ...(next != null && { cursor: next }) };
  };
  const isComplete = what === 'none' || agent !== null;
  return (
    <Dialog
      title={t.board.agentTitle(count)}
      size="sm"
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.ui.cancel}</Button>
          <Button
            variant="primary"
            isDisabled={!isComplete}
            onPress={() => onSet(what === 'none' ? null : (agent?.id ?? null))}
          >
            {t.board.agentConfirm}
          </Button>
        </>
      }
    >
      <div className="set-agent">
        <Segmented
          label={t.board.agentLabel}
          isLabelHidden
          value={what}
          onChange={setWhat}
          items={[
            { id: 'agent', label: t.board.agentLabel },
            { id: 'none', label: t.board.agentNone },
          ]}
        />
        {what === 'agent' && (
          <ComboField label={t.board.agentLabel} value={agent} onChange={setAgent} load={load} autoFocus />
        )}
      </div>
    </Dialog>
  );
}
