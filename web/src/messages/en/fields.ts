interface FieldText {
  label: string;
  /** What it does, where the name alone does not say it. */
  description?: string;
}

/** The same texts, of which each may have a description. */
function texts<Name extends string>(of: Record<Name, FieldText>): Record<Name, FieldText> {
  return of;
}

/** The names of fields. */
export const fields = {
  step: texts({
    name: { label: 'Name' },
    key: { label: 'Key', description: 'A pipeline file finds the step by it, even after the step was renamed.' },
    scenarioId: { label: 'Pipeline' },
    trigger: {
      label: 'Trigger',
      description: 'The condition, in words, on which the AI moves a conversation here from any other step.',
    },
    prompt: { label: 'Prompt', description: 'What the agent is told while a conversation is in this step.' },
    agentId: { label: 'Agent', description: 'Takes over the conversation. Without one it keeps its agent.' },
    defaultAiControl: { label: 'AI', description: 'Whether the AI answers from here on.' },
    defaultStatus: { label: 'Status', description: 'What the conversation’s status becomes.' },
    defaultPriority: { label: 'Priority', description: 'What the conversation’s priority becomes.' },
    defaultTags: { label: 'Tags to add', description: 'Added after the tags to remove are gone.' },
    defaultTagsToRemove: { label: 'Tags to remove' },
    assigneeLogicType: { label: 'Assignment', description: 'Who gets the conversation.' },
    selectedMembershipIdsForAssignee: { label: 'People', description: 'Those among whom the assignee is chosen.' },
    requestContact: { label: 'Contact data' },
    initialMessage: {
      label: 'Message',
      description: 'Sent at once. WhatsApp delivers it only within 24 hours of the customer’s last message.',
    },
    whatsappTemplateAgentId: { label: 'Template: agent', description: 'The agent that sends the WhatsApp template.' },
    whatsappTemplateName: { label: 'Template: name', description: 'As it is approved at WhatsApp.' },
    whatsappTemplateLanguageCode: { label: 'Template: language', description: 'Like pt_BR, en or fil.' },
    whatsappTemplateText: { label: 'Template: text', description: 'What the template says, as a note in this step. WhatsApp sends the approved text.' },
    zapiAgentId: { label: 'Z-API: agent', description: 'The agent that sends the message through Z-API.' },
    zapiPhoneNumber: {
      label: 'Z-API: number',
      description: 'Where the message goes, with the country’s code in front.',
    },
    zapiMessage: { label: 'Z-API: message' },
    autoNextTime: {
      label: 'Wait',
      description:
        'How long after entering this step the conversation moves on by itself. An answer of the customer does not stop the time: only a trigger or a person moves the conversation earlier.',
    },
    autoNextTimeUnit: { label: 'Unit' },
    autoNextStepId: { label: 'Then to', description: 'The step to move on to; without one, the following step.' },
    isRequired: {
      label: 'May not be skipped',
      description:
        'The triggers of later steps have no effect before the conversation has been here. Timers and people can skip it.',
    },
    isConversationRemovalStep: {
      label: 'Takes the conversation out',
      description: 'The pipeline ends here for it. Such a step has no timer.',
    },
    webhookUrl: { label: 'Webhook URL', description: 'Called when a conversation enters.' },
    webhookHeader: { label: 'Webhook headers', description: 'Sent with the call. Their values are secrets.' },
  }),
  requestContact: { name: 'Name', email: 'Email address', phone: 'Phone number' },
  scenario: { name: 'Name', key: 'Key', description: 'Description' },
  agent: { name: 'Name', iconUrl: 'Picture URL' },
  membership: { name: 'Name', email: 'Email address', role: 'Role' },
  /** Fields that files write by name or key instead of by id, and those that only an answer has. */
  others: {
    agentName: 'Agent',
    zapiAgentName: 'Z-API: agent',
    whatsappTemplateAgentName: 'Template: agent',
    autoNextStepKey: 'Then to',
    selectedMembershipEmails: 'People',
    index: 'Place',
  },
};
