// Pipelines for tests, made through the API.

import { graphql, TOKEN } from './api.mjs';

/** As many steps as one call creates. */
const BATCH = 100;

/**
 * Creates a pipeline. A step is its name, or its fields; `to` is the name of the step that its timer leads to. Answers
 * the id of the pipeline, and `ids` of the steps by name.
 */
export async function newPipeline({ name = 'Pipeline under test', steps = [], token = TOKEN } = {}) {
  const created = await graphql(
    'mutation($input: CreateCrmScenarioInput!) { createCrmScenario(input: $input) { crmScenario { id } } }',
    { input: { name } },
    token,
  );
  const { id } = created.createCrmScenario.crmScenario;
  const inputs = steps.map((step) => ({
    scenarioId: id,
    prompt: 'Answer politely.',
    ...(typeof step === 'string' ? { name: step } : step),
  }));
  for (let from = 0; from < inputs.length; from += BATCH) {
    const { createCrmSteps } = await graphql(
      'mutation($inputs: [CreateCrmStepsInput!]!) { createCrmSteps(inputs: $inputs) { userErrors { field message } } }',
      { inputs: inputs.slice(from, from + BATCH) },
      token,
    );
    if (createCrmSteps.userErrors.length > 0) throw new Error(JSON.stringify(createCrmSteps.userErrors));
  }
  return { id, ids: await idsOf(id, token), order: () => orderOf(id, token) };
}

/** Steps named `Step 1` and so on, each with a dozen fields. */
export function manySteps(count, agentId) {
  return Array.from({ length: count }, (_, index) => ({
    name: `Step ${index + 1}`,
    trigger: `The customer asks for product ${index + 1}`,
    prompt: 'Explain the product and ask for the address.',
    agentId,
    autoNextTime: 2,
    autoNextTimeUnit: 'd',
    defaultStatus: 'UNRESOLVED',
    defaultPriority: 'MEDIUM',
    defaultTags: ['lead', `product-${index + 1}`],
    defaultTagsToRemove: ['new'],
    isRequired: index % 3 === 0,
    webhookUrl: 'https://example.com/hook',
    requestContact: { name: true, email: false, phone: true },
  }));
}

async function stepsOf(id, token) {
  const { crmScenario } = await graphql(
    'query($id: ID!) { crmScenario(id: $id) { steps(first: 1000) { nodes { id name } } } }',
    { id },
    token,
  );
  return crmScenario.steps.nodes;
}

/** The names of the steps in their order, as the service has them. */
async function orderOf(id, token) {
  return (await stepsOf(id, token)).map(({ name }) => name);
}

async function idsOf(id, token) {
  return Object.fromEntries((await stepsOf(id, token)).map((step) => [step.name, step.id]));
}

/** An agent of the organization. */
export async function anAgent(token = TOKEN) {
  const { agents } = await graphql('{ agents(first: 1) { nodes { id name } } }', {}, token);
  return agents.nodes[0];
}
