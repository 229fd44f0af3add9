import { useMessages } from '../../messages/Messages';
import type { useAgentCommandsCreateMutation } from '../../relay/__generated__/useAgentCommandsCreateMutation.graphql';
import type { useAgentCommandsUpdateMutation } from '../../relay/__generated__/useAgentCommandsUpdateMutation.graphql';
import { TextField } from '../../ui/TextField';
import { EntityDialog, type FormValues } from '../directory/dialogs';
import { useAgentCommands, type Seen, type UpdateInput } from './useAgentCommands';

interface Props {
  /** What is edited; null makes a new one. */
  agent: (Seen & { readonly iconUrl: string | null | undefined }) | null;
  onClose: () => void;
}

/** The form of an agent. */
export default function AgentDialog({ agent, onClose }: Props) {
  const t = useMessages();
  const { create, update } = useAgentCommands();
  const initial: FormValues = { name: agent?.name ?? '', iconUrl: agent?.iconUrl ?? '' };
  return (
    <EntityDialog<useAgentCommandsCreateMutation | useAgentCommandsUpdateMutation>
      title={agent === null ? t.agents.addTitle : t.agents.editTitle}
      action={agent === null ? t.agents.add : t.agents.save}
      rulesOf={agent === null ? 'CreateAgentInput' : 'UpdateAgentInput'}
      initial={initial}
      version={agent?.version ?? 0}
      send={(values, changed, version, before) =>
        agent === null
          ? create({ name: values['name'] ?? '', iconUrl: values['iconUrl'] || null })
          : update({ ...agent, version }, inputOf(values, changed), inputOf(before, changed))
      }
      currentOf={currentOf}
      onSaved={onClose}
      onClose={onClose}
    >
      {(slot) => (
        <>
          <TextField label={t.fields.agent.name} autoFocus isRequired isTrimmed {...slot('name')} />
          <TextField
            label={t.fields.agent.iconUrl}
            description={t.agents.iconUrlDescription}
            type="url"
            isCode
            {...slot('iconUrl')}
          />
        </>
      )}
    </EntityDialog>
  );
}

function currentOf(response: useAgentCommandsCreateMutation['response'] | useAgentCommandsUpdateMutation['response']) {
  const current = 'updateAgent' in response ? response.updateAgent?.currentAgent : null;
  if (!current) return null;
  const values: FormValues = { name: current.name, iconUrl: current.iconUrl ?? '' };
  return { values, version: current.version, by: current.history.nodes[0]?.tokenName ?? null };
}

/** The changed fields as the service takes them. */
function inputOf(values: FormValues, changed: readonly string[]): UpdateInput {
  return {
    ...(changed.includes('name') ? { name: values['name'] ?? '' } : {}),
    ...(changed.includes('iconUrl') ? { iconUrl: values['iconUrl'] || null } : {}),
  };
}
