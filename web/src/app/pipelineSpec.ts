/** A pipeline as a file has it: without what is null. */
export interface PipelineSpec {
  key: string;
  name: string;
  description?: string;
  steps: readonly StepSpec[];
}

/** A step of a file: only the fields that it has. */
export type StepSpec = Readonly<Partial<Record<StepField, unknown>>>;

/** The fields of a step in the order of files, as the command line writes them too. */
const STEP_FIELDS = [
  'key',
  'name',
  'agentId',
  'agentName',
  'trigger',
  'prompt',
  'initialMessage',
  'autoNextStepKey',
  'autoNextTime',
  'autoNextTimeUnit',
  'defaultStatus',
  'defaultPriority',
  'defaultAiControl',
  'assigneeLogicType',
  'selectedMembershipIdsForAssignee',
  'selectedMembershipEmails',
  'isRequired',
  'isConversationRemovalStep',
  'defaultTags',
  'defaultTagsToRemove',
  'requestContact',
  'zapiAgentId',
  'zapiAgentName',
  'zapiPhoneNumber',
  'zapiMessage',
  'whatsappTemplateAgentId',
  'whatsappTemplateAgentName',
  'whatsappTemplateName',
  'whatsappTemplateLanguageCode',
  'whatsappTemplateText',
  'webhookUrl',
  'webhookHeader',
] as const;

export type StepField = (typeof STEP_FIELDS)[number];

/** A specification as the service answers it: every field, most of them null. */
export interface ExportedSpec {
  readonly key: string;
  readonly name: string;
  readonly description: string | null | undefined;
  readonly steps: readonly ({ readonly [Field in StepField]: unknown } & { readonly ' $fragmentType'?: never })[];
}

/** The specification without what is null, its fields in the order of files. */
export function specOf({ key, name, description, steps }: ExportedSpec): PipelineSpec {
  return {
    key,
    name,
    ...(description == null ? {} : { description }),
    steps: steps.map((step) =>
      Object.fromEntries(STEP_FIELDS.flatMap((field) => (step[field] == null ? [] : [[field, given(step[field])]]))),
    ),
  };
}

/** In the place of a secret: an apply leaves it as it is stored. */
const MASK = '***';

/** The specification without the values of webhook headers, as files are kept where secrets are not. */
export function withoutSecrets(spec: PipelineSpec): PipelineSpec {
  return { ...spec, steps: spec.steps.map(withMasks) };
}

function withMasks(step: StepSpec): StepSpec {
  const { webhookHeader } = step;
  if (typeof webhookHeader !== 'object' || webhookHeader === null) return step;
  return { ...step, webhookHeader: Object.fromEntries(Object.keys(webhookHeader).map((name) => [name, MASK])) };
}

/** A map without its members that are null. */
function given(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null));
}
