/** The fields of a step, and of the change of one, whose values are ids of other things. */
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

/** All ids in the differences of fields, each once, in their order. */
export function referencedIds(fields: readonly { name: string; before: unknown; after: unknown }[]): string[] {
  const ids = fields.filter(({ name }) => isReference(name)).flatMap(({ before, after }) => [before, after].flat());
  return [...new Set(ids.filter((id) => typeof id === 'string'))];
}
