// The mutations of the walkthrough, for clients that send typed documents.
import assert from "node:assert/strict";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import {
  CreateScenarioDocument,
  CreateStepDocument,
  DeleteScenarioDocument,
  DeleteStepDocument,
  UpdateStepDocument,
  type StepsQuery,
} from "./__generated__/graphql";
import { accepted, type PipelineClient, type Step } from "./walkthrough";

export type Execute = <Result, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
) => Promise<Result>;

export function mutations(execute: Execute) {
  return {
    async createScenario(name) {
      const data = await execute(CreateScenarioDocument, { input: { name } });
      return accepted(data.createCrmScenario?.crmScenario?.id, data.createCrmScenario);
    },
    async createStep(scenarioId, name) {
      const input = { scenarioId, name, prompt: "Be kind." };
      const data = await execute(CreateStepDocument, { input });
      return accepted(data.createCrmStep?.crmStep, data.createCrmStep);
    },
    async updateStep(id, name, expectedVersion) {
      const data = await execute(UpdateStepDocument, { id, input: { name }, expectedVersion });
      assert(data.updateCrmStep);
      return data.updateCrmStep;
    },
    async deleteStep(_scenarioId, id) {
      const data = await execute(DeleteStepDocument, { id });
      return accepted(data.deleteCrmStep?.deletedCrmStepId, data.deleteCrmStep);
    },
    async deleteScenario(id, expectedStepCount) {
      const data = await execute(DeleteScenarioDocument, { id, expectedStepCount });
      return accepted(data.deleteCrmScenario?.deletedCrmScenarioId, data.deleteCrmScenario);
    },
  } satisfies Partial<PipelineClient>;
}

export function connectionOf(data: StepsQuery | null | undefined) {
  assert(data?.crmScenario);
  return data.crmScenario.steps;
}

export function stepsOf(data: StepsQuery | null | undefined): Step[] {
  return connectionOf(data).edges.map((edge) => edge.node);
}
