// The test of every client, each with its own scenario: create it, read its pages, update it and delete
// it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

export const pageSize = 2;
const stepNames = ["Welcome", "Qualify", "Offer", "Close", "Follow up"];

export interface Step {
  readonly id: string;
  readonly index: number;
  readonly name: string;
  readonly version: number;
}

export interface UpdateOutcome {
  readonly crmStep?: Step | null;
  readonly currentCrmStep?: Step | null;
  readonly userErrors: readonly { readonly code: string }[];
}

/** The operations that the test needs of a client. They throw on unexpected errors. */
export interface PipelineClient {
  createScenario(name: string): Promise<string>;
  createStep(scenarioId: string, name: string): Promise<Step>;
  /** All steps, page by page, with the client's own pagination. */
  pageThroughSteps(scenarioId: string): Promise<Step[][]>;
  updateStep(id: string, name: string, expectedVersion: number): Promise<UpdateOutcome>;
  deleteStep(scenarioId: string, id: string): Promise<string>;
  /** All steps, bypassing any cache. */
  readSteps(scenarioId: string): Promise<Step[]>;
  /** All steps in the client's cache, without a request. */
  cachedSteps?(scenarioId: string): Step[];
  deleteScenario(id: string, expectedStepCount: number): Promise<string>;
}

export async function walkThrough(clientName: string, client: PipelineClient): Promise<void> {
  const passed = (what: string) => console.log(`passed: ${clientName}: ${what}`);
  const assertCached = (scenarioId: string, expected: Step[]) => {
    if (client.cachedSteps) {
      assert.deepEqual(client.cachedSteps(scenarioId).map(idAndName), expected.map(idAndName));
      passed("its cache has the same steps");
    }
  };

  const scenarioId = await client.createScenario(`${clientName} ${randomUUID()}`);
  const created: Step[] = [];
  for (const name of stepNames) {
    created.push(await client.createStep(scenarioId, name));
  }
  assert.deepEqual(created.map((step) => step.index), [0, 1, 2, 3, 4]);
  assert.deepEqual(created.map((step) => step.version), [1, 1, 1, 1, 1]);
  passed("created a scenario with 5 steps");

  const pages = await client.pageThroughSteps(scenarioId);
  assert.deepEqual(pages.map((page) => page.length), [2, 2, 1]);
  assert.deepEqual(pages.flat().map(plain), created.map(plain));
  passed("paged through each step once, by index");
  assertCached(scenarioId, created);

  const [first, second, ...others] = created;
  assert(first && second);
  const updated = await client.updateStep(second.id, "Qualify again", second.version);
  assert.deepEqual(updated.userErrors, []);
  assert(updated.crmStep);
  assert.deepEqual(plain(updated.crmStep), { ...plain(second), name: "Qualify again", version: 2 });
  passed("updated a step to version 2");
  assertCached(scenarioId, [first, updated.crmStep, ...others]);

  const stale = await client.updateStep(second.id, "Too late", second.version);
  assert.deepEqual(stale.userErrors.map((error) => error.code), ["STALE_VERSION"]);
  assert.equal(stale.crmStep, null);
  assert(stale.currentCrmStep);
  assert.deepEqual(plain(stale.currentCrmStep), plain(updated.crmStep));
  passed("got an error for a stale version");

  assert.equal(await client.deleteStep(scenarioId, second.id), second.id);
  passed("deleted a step");
  assertCached(scenarioId, [first, ...others]);

  const left = await client.readSteps(scenarioId);
  assert.deepEqual(left.map(idAndName), [first, ...others].map(idAndName));
  assert.deepEqual(left.map((step) => step.index), [0, 1, 2, 3]);
  passed("found the other steps at 0 to 3");

  assert.equal(await client.deleteScenario(scenarioId, 4), scenarioId);
  passed("deleted the scenario");
}

/** The value, which a payload has unless the service rejected the mutation. */
export function accepted<Value>(value: Value | null | undefined, payload: unknown): Value {
  assert(value, `The service rejected the mutation: ${JSON.stringify(payload)}`);
  return value;
}

// Clients add fields such as __typename.
const plain = ({ id, index, name, version }: Step): Step => ({ id, index, name, version });
const idAndName = ({ id, name }: Step) => ({ id, name });
