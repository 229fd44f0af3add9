// The form of live/form-page.ts: it finds faults without the service, and shows what only the service finds.
import assert from "node:assert/strict";
import { print } from "graphql";
import { Window } from "happy-dom";
import { RulesDocument, type RulesQuery } from "./__generated__/graphql";
import { createScenario } from "./changes/boards";
import { formOf } from "./live/form-page";
import { post } from "./post";

const { document, Event, FormData } = new Window() as any;
Object.assign(globalThis, { document, Event, FormData });

const inputs = ["CreateCrmStepInput"];
const { data } = await post(print(RulesDocument), JSON.stringify({ inputs }));
const rules = (data as RulesQuery).inputRules[0]!;
const scenarioId = await createScenario("Form");

/** Calls createCrmStep. */
async function send(input: object) {
  const answer = await post(
    `mutation ($input: CreateCrmStepInput!) {
      createCrmStep(input: $input) { crmStep { id } userErrors { field message } } }`,
    JSON.stringify({ input: { ...input, scenarioId } }),
  );
  return (answer.data as any).createCrmStep.userErrors;
}

const labels = { name: "Name", agentId: "Agent", prompt: "Instruction", trigger: "Condition" };
const sentences = { BLANK: "Give it a name.", TRIGGER_OR_PROMPT_REQUIRED: "Say what the step does." };
const form = formOf(rules, labels, sentences, send);
const message = (name: string): string => (form.elements as any)[name].validationMessage;

/** Types a text into a control. */
function type(name: string, text: string): void {
  (form.elements as any)[name].value = text;
  form.dispatchEvent(new Event("input"));
}

assert.deepEqual([message("name"), message("trigger")], [
  "Give it a name.",
  "Say what the step does.",
]);
type("name", "a\u2028b");
assert.equal(message("name"), "INVALID_CHARACTER");
type("name", "Lead");
type("prompt", "Greet.");
assert(form.checkValidity());
console.log("passed: form: messages are those of the rules");

type("agentId", "nobody");
assert(form.checkValidity());
await form.onsubmit?.(new Event("submit") as SubmitEvent);
assert.match(message("agentId"), /nothing that exists/);
type("agentId", "");
await form.onsubmit?.(new Event("submit") as SubmitEvent);
assert(form.checkValidity());
console.log("passed: form: messages of the service are at their fields");
