// chatvolt-mcp offers the REST API to AI assistants as tools. Unchanged except for the host that it
// calls, it creates, updates and deletes a pipeline on this service.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import {
  getDefaultEnvironment,
  StdioClientTransport,
} from "@modelcontextprotocol/sdk/client/stdio.js";
import { GraphQLClient } from "graphql-request";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { CreateAgentDocument } from "../__generated__/graphql";
import { headers, serviceUrl, token } from "../service";
import { accepted } from "../walkthrough";

const passed = (what: string) => console.log(`passed: chatvolt-mcp: ${what}`);

const assistant = new Client({ name: "crm-steps-test", version: "1" }, { capabilities: {} });
await assistant.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: [
      ...["--import", "tsx"],
      ...["--import", new URL("redirect.ts", import.meta.url).href],
      fileURLToPath(import.meta.resolve("chatvolt-mcp/build/index.js")),
    ],
    env: {
      ...getDefaultEnvironment(),
      CHATVOLT_API_KEY: token,
      CRM_STEPS_TOKEN: token,
      CRM_STEPS_URL: serviceUrl,
    },
  }),
);

/** Calls a tool; returns its result. Throws if the service rejects the request, with the status. */
async function call(tool: string, args: Record<string, unknown> = {}) {
  const { content } = await assistant.callTool({ name: tool, arguments: args });
  return JSON.parse((content as { text: string }[])[0]!.text);
}
const idsOf = (things: { id: string }[]) => things.map(({ id }) => id);

try {
  const service = new GraphQLClient(serviceUrl, { headers });
  const { createAgent } = await service.request(CreateAgentDocument, { input: { name: "Sofia" } });
  const agentId = accepted(createAgent?.agent?.id, createAgent);

  const name = `chatvolt-mcp ${randomUUID()}`;
  const scenario = await call("create_crm_scenario", { name, description: "Leads" });
  assert.equal(scenario.name, name);
  passed("created a scenario");

  const scenarioId: string = scenario.id;
  const trigger = "The customer asks for a price.";
  // The tool has a parameter description, which steps do not have.
  const lead = { scenarioId, name: "New lead", trigger };
  const first = await call("create_crm_step", { ...lead, description: "Whoever is new." });
  assert.deepEqual(first, { ...first, ...lead, prompt: null, index: 0, agent: null, scenario });
  assert(!("description" in first));
  const wanted = {
    scenarioId,
    name: "Qualified",
    agentId,
    trigger,
    prompt: "Ask for the budget.",
    initialMessage: "Hello!",
    autoNextStepId: first.id,
    autoNextTime: 3600,
    defaultStatus: "UNRESOLVED",
    defaultPriority: "HIGH",
    assigneeLogicType: "none",
    selectedMembershipIdsForAssignee: [],
    isRequired: true,
  };
  const second = await call("create_crm_step", wanted);
  const agent = { id: agentId, name: "Sofia", iconUrl: null };
  assert.deepEqual(second, { ...second, ...wanted, index: 1, agent, scenario });
  assert.equal(Object.keys(second).length, 35);
  passed("created two steps");

  assert.deepEqual(await call("list_crm_steps", { scenarioId }), [first, second]);
  assert(idsOf(await call("list_crm_scenarios")).includes(scenarioId));
  assert.deepEqual(await call("list_crm_scenarios", { agentId }), [scenario]);
  passed("listed the steps and the scenarios");

  const change = { name: "Qualified lead", defaultPriority: "LOW" };
  const updated = await call("update_crm_step", { id: second.id, ...change });
  assert.deepEqual(updated, { ...second, ...change, updatedAt: updated.updatedAt });
  const renamed = await call("update_crm_scenario", { id: scenarioId, name: `${name} again` });
  assert.equal(renamed.scenario.name, `${name} again`);
  assert.equal(renamed.scenario.description, "Leads");
  passed("updated a step and the scenario, and kept the other fields");

  const withoutTrigger = call("create_crm_step", { scenarioId, name: "Unreachable" });
  await assert.rejects(withoutTrigger, /status 400: {.*TRIGGER_OR_PROMPT_REQUIRED/);
  await assert.rejects(call("delete_crm_step", { id: "none" }), /status 404: {/);
  passed("got errors for an invalid step and for an unknown one");

  const removed = await call("delete_crm_step", { id: first.id });
  assert.deepEqual(removed, { ...first, scenario: renamed.scenario });
  const left = await call("list_crm_steps", { scenarioId });
  assert.deepEqual(idsOf(left), [second.id]);
  assert.equal(left[0].index, 0);
  assert.equal(left[0].autoNextStepId, null);
  passed("deleted a step, and with it the timer that targeted it");

  const deleted = await call("delete_crm_scenario", { id: scenarioId });
  assert.equal(deleted.scenario.id, scenarioId);
  assert(!idsOf(await call("list_crm_scenarios")).includes(scenarioId));
  passed("deleted the scenario");
} finally {
  await assistant.close();
}
