import { useMessages } from '../../messages/Messages';
import { Picker } from '../../ui/Picker';
import { TextField } from '../../ui/TextField';
import { EntityDialog, type EditProps, type FormValues } from '../directory/dialogs';
import { usePersonCommands, type PersonFields } from './usePersonCommands';

/** The form of a person. */
export default function PersonDialog(props: EditProps<PersonFields>) {
  const t = useMessages();
  return (
    <EntityDialog
      words={t.people}
      rules={{ ofNew: 'CreateMembershipInput', ofChanged: 'UpdateMembershipInput' }}
      commands={usePersonCommands()}
      valuesOf={valuesOf}
      fieldsOf={fieldsOf}
      {...props}
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

function valuesOf(person: PersonFields | null): FormValues {
  return { name: person?.name ?? '', email: person?.email ?? '', role: person?.role ?? 'USER' };
}

function fieldsOf(values: FormValues): PersonFields {
  return { name: values['name'] ?? '', email: values['email'] ?? '', role: roleOf(values['role']) };
}

const ROLES = ['OWNER', 'ADMIN', 'USER'] as const;

function roleOf(value: string | undefined): (typeof ROLES)[number] {
  return ROLES.find((role) => role === value) ?? 'USER';
}
