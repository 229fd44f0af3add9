import { useMessages } from '../../messages/Messages';
import { TextField } from '../../ui/TextField';
import { EntityDialog, type EditProps, type FormValues } from '../directory/dialogs';
import { useAgentCommands, type AgentFields } from './useAgentCommands';

/** The form of an agent. */
export default function AgentDialog(props: EditProps<AgentFields>) {
  const t = useMessages();
  return (
    <EntityDialog
      words={t.agents}
      rules={{ ofNew: 'CreateAgentInput', ofChanged: 'UpdateAgentInput' }}
      commands={useAgentCommands()}
      valuesOf={valuesOf}
      fieldsOf={fieldsOf}
      {...props}
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

function valuesOf(agent: AgentFields | null): FormValues {
  return { name: agent?.name ?? '', iconUrl: agent?.iconUrl ?? '' };
}

function fieldsOf(values: FormValues): AgentFields {
  return { name: values['name'] ?? '', iconUrl: values['iconUrl'] || null };
}
