import type { Format } from '../../messages/format';
import type { Messages } from '../../messages/en';
import { labelOfField } from '../../messages/labels';
import type { Names } from './draft';
import { isKnown } from './stored';
import type { KnownField, StepValues } from './values';

/** The value of a field in words, to compare it with another one. */
export function valueInWords(t: Messages, format: Format, field: string, values: StepValues, names: Names): string {
  const text = isKnown(field) ? wordsOf(t, format, field, values, names) : unknownInWords(values[field]);
  return text === '' ? t.values.nothing : text;
}

function wordsOf(t: Messages, format: Format, field: KnownField, values: StepValues, names: Names): string {
  const { values: words } = t;
  switch (field) {
    case 'isRequired':
    case 'isConversationRemovalStep':
      return values[field] ? words.yes : words.no;
    case 'agentId':
      return nameOf(values.agentId, names) || t.step.keepAgent;
    case 'autoNextStepId':
      return nameOf(values.autoNextStepId, names) || t.step.followingStep;
    case 'zapiAgentId':
    case 'whatsappTemplateAgentId':
      return nameOf(values[field], names);
    case 'defaultAiControl':
      return words.aiControl[values.defaultAiControl === null ? 'leave' : values.defaultAiControl ? 'on' : 'off'];
    case 'defaultStatus':
      return wordOf(words.status, values.defaultStatus, words.leave);
    case 'defaultPriority':
      return wordOf(words.priority, values.defaultPriority, words.leave);
    case 'assigneeLogicType':
      return wordOf(words.assignment, values.assigneeLogicType, words.assignment.none);
    case 'autoNextTimeUnit':
      return wordOf(words.timeUnit, values.autoNextTimeUnit, words.seconds);
    case 'selectedMembershipIdsForAssignee':
      return values[field].map((id) => nameOf(id, names)).join(', ');
    case 'defaultTags':
    case 'defaultTagsToRemove':
      return values[field].join(', ');
    case 'requestContact': {
      const labels = t.fields.requestContact;
      const { name, email, phone } = values.requestContact;
      const asked = [name && labels.name, email && labels.email, phone && labels.phone];
      return format.list(asked.filter((label) => label !== false));
    }
    case 'webhookHeader':
      return values.webhookHeader
        .map((header) => `${header.name}: ${header.isKept ? t.step.headerKept : header.value}`)
        .join('\n');
    default:
      return values[field];
  }
}

function nameOf(id: string | null, names: Names): string {
  return id === null ? '' : (names[id] ?? id);
}

/** A value of a newer service keeps its name. */
function wordOf(words: Readonly<Record<string, string>>, value: string | null, none: string): string {
  return value === null ? none : (words[value] ?? value);
}

function unknownInWords(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The names of fields, as a list. */
export function fieldsInWords(t: Messages, format: Format, fields: readonly string[]): string {
  return format.list(fields.map((field) => labelOfField(t, field)));
}
