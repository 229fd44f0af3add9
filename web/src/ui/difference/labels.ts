import type { Messages } from '../../messages/en';
import type { Words } from './FieldDifference';

/** The name of what has an id; null if nothing has it any more, undefined while that is not known. */
export type NameOf = (id: string) => string | null | undefined;

/** How the values of a field are said: choices in words, ids by the names of what they are. */
export function wordsOf(t: Messages, field: string, nameOf: NameOf = () => undefined): Words {
  return (value) => {
    if (isReference(field)) {
      const name = nameOf(String(value));
      return name === null ? { text: t.difference.gone } : { text: name, isData: true };
    }
    return { text: choicesOf(t, field)[String(value)] };
  };
}

/** The words for the values of a field that is a choice. */
function choicesOf({ fields, values }: Messages, field: string): Readonly<Record<string, string | undefined>> {
  switch (field) {
    case 'defaultStatus':
      return values.status;
    case 'defaultPriority':
      return values.priority;
    case 'defaultAiControl':
      return { true: values.aiControl.on, false: values.aiControl.off };
    case 'autoNextTimeUnit':
      return values.timeUnit;
    case 'assigneeLogicType':
      return values.assignment;
    case 'requestContact':
      return fields.requestContact;
    case 'role':
      return values.role;
    default:
      return {};
  }
}

/** The fields whose values are ids of other things. */
const REFERENCES: ReadonlySet<string> = new Set([
  'agentId',
  'zapiAgentId',
  'whatsappTemplateAgentId',
  'autoNextStepId',
  'selectedMembershipIdsForAssignee',
  'scenarioId',
]);

/** Whether the values of a field are ids, which are shown by the names of what they are. */
export function isReference(field: string): boolean {
  return REFERENCES.has(field);
}
