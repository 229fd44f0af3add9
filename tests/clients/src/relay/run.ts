// The Relay runtime without React: its store keeps the connection of the artifacts of pipeline.ts, and the
// directives of the mutations update it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  commitMutation,
  ConnectionHandler,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getSingularSelector,
  Network,
  RecordSource,
  Store,
  type ConcreteRequest,
  type MutationParameters,
} from "relay-runtime";
import { headers, serviceUrl } from "../service";
import { accepted, pageSize, walkThrough, type Step } from "../walkthrough";
import appendEdge, {
  type pipelineAppendEdgeMutation as AppendEdge,
} from "./__generated__/pipelineAppendEdgeMutation.graphql";
import appendNode, {
  type pipelineAppendNodeMutation as AppendNode,
} from "./__generated__/pipelineAppendNodeMutation.graphql";
import createScenario, {
  type pipelineCreateScenarioMutation as CreateScenario,
} from "./__generated__/pipelineCreateScenarioMutation.graphql";
import deleteScenario, {
  type pipelineDeleteScenarioMutation as DeleteScenario,
} from "./__generated__/pipelineDeleteScenarioMutation.graphql";
import deleteStep, {
  type pipelineDeleteStepMutation as DeleteStep,
} from "./__generated__/pipelineDeleteStepMutation.graphql";
import prependEdge, {
  type pipelinePrependEdgeMutation as PrependEdge,
} from "./__generated__/pipelinePrependEdgeMutation.graphql";
import pipelineQuery, {
  type pipelineQuery as PipelineQuery,
} from "./__generated__/pipelineQuery.graphql";
import stepFragment, {
  type pipelineStep$data as StepData,
  type pipelineStep$key as StepKey,
} from "./__generated__/pipelineStep.graphql";
import stepRefetchQuery, {
  type pipelineStepRefetchQuery as StepRefetchQuery,
} from "./__generated__/pipelineStepRefetchQuery.graphql";
import stepsFragment, {
  type pipelineSteps$data as StepsData,
} from "./__generated__/pipelineSteps.graphql";
import stepsPaginationQuery, {
  type pipelineStepsPaginationQuery as StepsPaginationQuery,
} from "./__generated__/pipelineStepsPaginationQuery.graphql";
import updateStep, {
  type pipelineUpdateStepMutation as UpdateStep,
} from "./__generated__/pipelineUpdateStepMutation.graphql";

function createEnvironment(): Environment {
  const network = Network.create(async ({ text }, variables) => {
    const response = await fetch(serviceUrl, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ query: text, variables }),
    });
    return response.json();
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}

const environment = createEnvironment();

function commit<Mutation extends MutationParameters>(
  mutation: ConcreteRequest,
  variables: Mutation["variables"],
  inEnvironment = environment,
): Promise<Mutation["response"]> {
  return new Promise((resolve, reject) => {
    commitMutation<Mutation>(inEnvironment, {
      mutation,
      variables,
      onCompleted: (data, errors) => (errors?.length ? reject(errors) : resolve(data)),
      onError: reject,
    });
  });
}

const stepsConnection = (scenarioId: string) =>
  ConnectionHandler.getConnectionID(scenarioId, "pipelineSteps_steps");

/** The data in the store of a step with a fragment. */
function readStep(key: StepKey | null | undefined): Step | null | undefined {
  return key && (environment.lookup(getSingularSelector(stepFragment, key)!).data as StepData);
}

/** The data in the store of the connection of a scenario. */
function readConnection(scenarioId: string): StepsData["steps"] {
  const { fragment } = createOperationDescriptor(pipelineQuery, { scenarioId, count: pageSize });
  const { crmScenario } = environment.lookup(fragment).data as PipelineQuery["response"];
  const selector = getSingularSelector(stepsFragment, crmScenario);
  return (environment.lookup(selector!).data as StepsData).steps;
}

function cachedSteps(scenarioId: string): Step[] {
  return readConnection(scenarioId).edges.map((edge) => accepted(readStep(edge.node), edge));
}

async function fetchSteps(scenarioId: string, count: number): Promise<Step[]> {
  const variables = { scenarioId, count };
  await fetchQuery<PipelineQuery>(environment, pipelineQuery, variables).toPromise();
  return cachedSteps(scenarioId);
}

async function startScenario(name: string): Promise<string> {
  const data = await commit<CreateScenario>(createScenario, { input: { name } });
  const id = accepted(data.createCrmScenario?.crmScenario?.id, data.createCrmScenario);
  // Like a mounted component: retain the data in the store, and fetch the first page.
  const variables = { scenarioId: id, count: pageSize };
  environment.retain(createOperationDescriptor(pipelineQuery, variables));
  assert.deepEqual(await fetchSteps(id, pageSize), []);
  return id;
}

function newStep(scenarioId: string, name: string) {
  const input = { scenarioId, name, prompt: "Be kind." };
  return { input, connections: [stepsConnection(scenarioId)] };
}

async function removeScenario(id: string, expectedStepCount: number): Promise<string> {
  const data = await commit<DeleteScenario>(deleteScenario, { id, expectedStepCount });
  return accepted(data.deleteCrmScenario?.deletedCrmScenarioId, data.deleteCrmScenario);
}

await walkThrough("relay", {
  createScenario: startScenario,
  async createStep(scenarioId, name) {
    const data = await commit<AppendEdge>(appendEdge, newStep(scenarioId, name));
    return accepted(readStep(data.createCrmStep?.crmStepEdge?.node), data.createCrmStep);
  },
  async pageThroughSteps(scenarioId) {
    const pages = [await fetchSteps(scenarioId, pageSize)];
    let { endCursor: cursor, hasNextPage } = readConnection(scenarioId).pageInfo;
    while (hasNextPage) {
      const variables = { id: scenarioId, count: pageSize, cursor };
      await fetchQuery<StepsPaginationQuery>(
        environment,
        stepsPaginationQuery,
        variables,
      ).toPromise();
      // The connection joins all pages so far.
      pages.push(cachedSteps(scenarioId).slice(pages.flat().length));
      ({ endCursor: cursor, hasNextPage } = readConnection(scenarioId).pageInfo);
    }
    return pages;
  },
  async updateStep(id, name, expectedVersion) {
    const data = await commit<UpdateStep>(updateStep, { id, input: { name }, expectedVersion });
    assert(data.updateCrmStep);
    const { crmStep, currentCrmStep, userErrors } = data.updateCrmStep;
    return { crmStep: readStep(crmStep), currentCrmStep: readStep(currentCrmStep), userErrors };
  },
  async deleteStep(scenarioId, id) {
    const connections = [stepsConnection(scenarioId)];
    const data = await commit<DeleteStep>(deleteStep, { id, connections });
    return accepted(data.deleteCrmStep?.deletedCrmStepId, data.deleteCrmStep);
  },
  readSteps: (scenarioId) => fetchSteps(scenarioId, 100),
  cachedSteps,
  deleteScenario: removeScenario,
});

const scenarioId = await startScenario(`relay directives ${randomUUID()}`);
await commit<AppendEdge>(appendEdge, newStep(scenarioId, "Second"));
await commit<AppendNode>(appendNode, newStep(scenarioId, "Third"));
await commit<PrependEdge>(prependEdge, newStep(scenarioId, "First"));
const kept = cachedSteps(scenarioId).map((step) => step.name);
assert.deepEqual(kept, ["First", "Second", "Third"]);
const stored = await fetchSteps(scenarioId, 100);
assert.deepEqual(stored.map((step) => step.name), kept);
console.log("passed: relay: appended an edge and a node and prepended an edge");

const { id } = accepted(stored[0], stored);
const elsewhere = createEnvironment();
await commit<UpdateStep>(updateStep, { id, input: { name: "Renamed" } }, elsewhere);
assert.equal(cachedSteps(scenarioId)[0]?.name, "First");
await fetchQuery<StepRefetchQuery>(environment, stepRefetchQuery, { id }).toPromise();
assert.equal(cachedSteps(scenarioId)[0]?.name, "Renamed");
console.log("passed: relay: refetched a step by its node id");

await removeScenario(scenarioId, stored.length);
