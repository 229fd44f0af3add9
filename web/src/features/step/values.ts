// The values of a step as its form has them, and as the API takes them.

/** A header of the webhook. One that is kept has a value that the token may not read, and that stays as it is. */
export interface HeaderValue {
  readonly name: string;
  readonly value: string;
  readonly isKept: boolean;
}

/** The contact data that a step asks for. */
export interface ContactValue {
  readonly name: boolean;
  readonly email: boolean;
  readonly phone: boolean;
}

/** The values of the fields that the form has a place for. Empty text stands for null. */
export interface KnownValues {
  readonly name: string;
  readonly key: string;
  readonly isRequired: boolean;
  readonly isConversationRemovalStep: boolean;
  readonly trigger: string;
  readonly agentId: string | null;
  readonly defaultAiControl: boolean | null;
  readonly prompt: string;
  readonly defaultStatus: string | null;
  readonly defaultPriority: string | null;
  readonly defaultTags: readonly string[];
  readonly defaultTagsToRemove: readonly string[];
  readonly assigneeLogicType: string | null;
  readonly selectedMembershipIdsForAssignee: readonly string[];
  readonly initialMessage: string;
  readonly requestContact: ContactValue;
  readonly whatsappTemplateAgentId: string | null;
  readonly whatsappTemplateName: string;
  readonly whatsappTemplateLanguageCode: string;
  readonly whatsappTemplateText: string;
  readonly zapiAgentId: string | null;
  readonly zapiPhoneNumber: string;
  readonly zapiMessage: string;
  /** As it was typed. */
  readonly autoNextTime: string;
  readonly autoNextTimeUnit: string | null;
  readonly autoNextStepId: string | null;
  readonly webhookUrl: string;
  readonly webhookHeader: readonly HeaderValue[];
}

export type KnownField = keyof KnownValues;

/** The values of all fields of a step: those that the form knows, and those of a newer service. */
export type StepValues = KnownValues & Readonly<Record<string, unknown>>;

/** The values of a new step. */
export const NO_VALUES: StepValues = {
  name: '',
  key: '',
  isRequired: false,
  isConversationRemovalStep: false,
  trigger: '',
  agentId: null,
  defaultAiControl: null,
  prompt: '',
  defaultStatus: null,
  defaultPriority: null,
  defaultTags: [],
  defaultTagsToRemove: [],
  assigneeLogicType: null,
  selectedMembershipIdsForAssignee: [],
  initialMessage: '',
  requestContact: { name: false, email: false, phone: false },
  whatsappTemplateAgentId: null,
  whatsappTemplateName: '',
  whatsappTemplateLanguageCode: '',
  whatsappTemplateText: '',
  zapiAgentId: null,
  zapiPhoneNumber: '',
  zapiMessage: '',
  autoNextTime: '',
  autoNextTimeUnit: null,
  autoNextStepId: null,
  webhookUrl: '',
  webhookHeader: [],
};

/** The fields that the form has a place for, in the order of the form. */
export const KNOWN_FIELDS = Object.keys(NO_VALUES) as readonly KnownField[];

/** Fields that make sense only together: each side of a conflict has all of them or none. */
export const GROUPS: readonly (readonly KnownField[])[] = [
  ['assigneeLogicType', 'selectedMembershipIdsForAssignee'],
  ['whatsappTemplateAgentId', 'whatsappTemplateName', 'whatsappTemplateLanguageCode', 'whatsappTemplateText'],
  ['zapiAgentId', 'zapiPhoneNumber', 'zapiMessage'],
  ['autoNextTime', 'autoNextTimeUnit', 'autoNextStepId'],
  ['webhookUrl', 'webhookHeader'],
];
