// Which field is in which section of the form.

import { isSame } from './stored';
import { KNOWN_FIELDS, NO_VALUES, type KnownField, type StepValues } from './values';

export type SectionId = 'what' | 'enter' | 'agent' | 'sets' | 'who' | 'sends' | 'moving' | 'webhook' | 'more';

const FIELDS: Readonly<Record<Exclude<SectionId, 'more'>, readonly KnownField[]>> = {
  what: ['name', 'isRequired', 'isConversationRemovalStep', 'key'],
  enter: ['trigger'],
  agent: ['agentId', 'defaultAiControl', 'prompt'],
  sets: ['defaultStatus', 'defaultPriority', 'defaultTags', 'defaultTagsToRemove'],
  who: ['assigneeLogicType', 'selectedMembershipIdsForAssignee'],
  sends: [
    'initialMessage',
    'requestContact',
    'whatsappTemplateAgentId',
    'whatsappTemplateName',
    'whatsappTemplateLanguageCode',
    'whatsappTemplateText',
    'zapiAgentId',
    'zapiPhoneNumber',
    'zapiMessage',
  ],
  moving: ['autoNextTime', 'autoNextTimeUnit', 'autoNextStepId'],
  webhook: ['webhookUrl', 'webhookHeader'],
};

/** The sections, in their order. */
export const SECTIONS = [...(Object.keys(FIELDS) as (keyof typeof FIELDS)[]), 'more'] as const satisfies SectionId[];

/** What a new step needs. */
const OF_NEW: readonly SectionId[] = ['what', 'enter', 'agent'];

/** The section in which a field is; one that the form does not know is under "More". */
export function sectionOf(field: string): SectionId {
  for (const id of SECTIONS) {
    if (id !== 'more' && FIELDS[id].some((name) => name === field)) return id;
  }
  return 'more';
}

/** The fields in the order in which they stand in the form. */
const ORDER: readonly string[] = Object.values(FIELDS).flat();

/** The place of a field in the form; those under "More" are the last. */
export function placeOf(field: string): number {
  const place = ORDER.indexOf(field);
  return place < 0 ? ORDER.length : place;
}

/** The sections that are open at first: those with values, and of a new step those that it needs. */
export function openSections(values: StepValues, isNew: boolean): SectionId[] {
  const given = KNOWN_FIELDS.filter((field) => !isSame(field, values, NO_VALUES)).map(sectionOf);
  return [...new Set([...(isNew ? OF_NEW : ['what' as const]), ...given])];
}
