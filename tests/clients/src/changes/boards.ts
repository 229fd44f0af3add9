// What another client does to a scenario.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { post } from "../post";

async function request(document: string, variables: object): Promise<any> {
  const { data, errors } = await post(document, JSON.stringify(variables));
  assert(data && !errors, JSON.stringify(errors));
  return data;
}

/** The end of the history. */
export const changesCursor = async (): Promise<string> =>
  (await request("{ changesCursor }", {})).changesCursor;

export async function createScenario(name: string): Promise<string> {
  const input = { name: `${name} ${randomUUID()}` };
  const { createCrmScenario } = await request(
    "mutation ($input: CreateCrmScenarioInput!) { createCrmScenario(input: $input) { crmScenario { id } } }",
    { input },
  );
  return createCrmScenario.crmScenario.id;
}

export async function createStep(scenarioId: string, name: string): Promise<string> {
  const { createCrmStep } = await request(
    "mutation ($input: CreateCrmStepInput!) { createCrmStep(input: $input) { crmStep { id } } }",
    { input: { scenarioId, name, prompt: "Be kind." } },
  );
  return createCrmStep.crmStep.id;
}

export async function renameStep(id: string, name: string): Promise<void> {
  const { updateCrmStep } = await request(
    `mutation ($id: ID!, $input: UpdateCrmStepInput!) {
      updateCrmStep(id: $id, input: $input) { crmStep { name } } }`,
    { id, input: { name } },
  );
  assert.equal(updateCrmStep.crmStep.name, name);
}

export async function deleteStep(id: string): Promise<void> {
  const { deleteCrmStep } = await request(
    "mutation ($id: ID!) { deleteCrmStep(id: $id) { deletedCrmStepId } }",
    { id },
  );
  assert.equal(deleteCrmStep.deletedCrmStepId, id);
}

/** The cursors of the changes of a scenario after this one. */
export async function cursorsAfter(scenarioId: string, after: string): Promise<string[]> {
  const { crmScenario } = await request(
    `query ($id: ID!, $after: String) {
      crmScenario(id: $id) { history(after: $after, first: 100) { edges { cursor } } } }`,
    { id: scenarioId, after },
  );
  return crmScenario.history.edges.map(({ cursor }: { cursor: string }) => cursor);
}
