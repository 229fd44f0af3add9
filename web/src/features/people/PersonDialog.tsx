import { useMessages } from '../../messages/Messages';
import type { usePersonCommandsCreateMutation } from '../../relay/__generated__/usePersonCommandsCreateMutation.graphql';
import type { usePersonCommandsUpdateMutation } from '../../relay/__generated__/usePersonCommandsUpdateMutation.graphql';
import { Picker } from '../../ui/Picker';
import { TextField } from '../../ui/TextField';
import { EntityDialog, type FormValues } from '../directory/dialogs';
import { usePersonCommands, type Seen, type UpdateInput } from './usePersonCommands';

interface Props {
  /** What is edited; null makes a new one. */
  membership: (Seen & { readonly email: string; readonly role: string }) | null;
  onClose: () => void;
}

/** The form of a person. */
export default function PersonDialog({ membership, onClose }: Props) {
  const t = useMessages();
  const { create, update } = usePersonCommands();
  const initial: FormValues = {
    name: membership?.name ?? '',
    email: membership?.email ?? '',
    role: membership?.role ?? 'USER',
  };
  return (
    <EntityDialog<usePersonCommandsCreateMutation | usePersonCommandsUpdateMutation>
      title={membership === null ? t.people.addTitle : t.people.editTitle}
      action={membership === null ? t.people.add : t.people.save}
      rulesOf={membership === null ? 'CreateMembershipInput' : 'UpdateMembershipInput'}
      initial={initial}
      version={membership?.version ?? 0}
      send={(values, changed, version, before) =>
        membership === null
          ? create({ name: values['name'] ?? '', email: values['email'] ?? '', role: roleOf(values['role']) })
          : update({ ...membership, version }, inputOf(values, changed), inputOf(before, changed))
      }
      currentOf={currentOf}
      onSaved={onClose}
      onClose={onClose}
    >
      {(slot) => (
        <>
          <TextField label={t.fields.membership.name} autoFocus isRequired isTrimmed {...slot('name')} />
          <TextField label={t.fields.membership.email} type="email" isRequired isTrimmed {...slot('email')} />
          <Picker
            label={t.fields.membership.role}
            description={t.people.rolesDescription}
            items={ROLES.map((id) => ({ id, label: t.values.role[id] }))}
            value={roleOf(slot('role').value)}
            onChange={slot('role').onChange}
            error={slot('role').error}
          />
        </>
      )}
    </EntityDialog>
  );
}

function currentOf(
  response: usePersonCommandsCreateMutation['response'] | usePersonCommandsUpdateMutation['response'],
) {
  const current = 'updateMembership' in response ? response.updateMembership?.currentMembership : null;
  if (!current) return null;
  const values: FormValues = { name: current.name, email: current.email, role: current.role };
  return { values, version: current.version, by: current.history.nodes[0]?.tokenName ?? null };
}

/** The changed fields as the service takes them. */
function inputOf(values: FormValues, changed: readonly string[]): UpdateInput {
  return {
    ...(changed.includes('name') ? { name: values['name'] ?? '' } : {}),
    ...(changed.includes('email') ? { email: values['email'] ?? '' } : {}),
    ...(changed.includes('role') ? { role: roleOf(values['role']) } : {}),
  };
}

const ROLES = ['OWNER', 'ADMIN', 'USER'] as const;

function roleOf(value: string | undefined): (typeof ROLES)[number] {
  return ROLES.find((role) => role === value) ?? 'USER';
}
