// Sends requests to the service and compares its verdicts with those of graphql-js.
import { inParallel } from "../parallel";
import { deviations, type Deviation } from "./deviations";
import { judge } from "./reference";
import { described, type GraphqlRequest, type Verdict } from "./request";
import { ask } from "./service";

export interface Comparison {
  readonly request: GraphqlRequest;
  readonly reference: Verdict;
  readonly service: Verdict;
  readonly brokenRules: readonly string[];
  /** The deviations that explain a difference, if there is one. */
  readonly deviation?: Deviation;
  readonly agree: boolean;
}

export const compareAll = (requests: readonly GraphqlRequest[]) => inParallel(requests, compare);

async function compare(request: GraphqlRequest): Promise<Comparison> {
  const { verdict: reference, brokenRules } = judge(request);
  const service = await ask(request).catch((error: Error) => {
    throw new Error(`No verdict on ${shown(request)}`, { cause: error });
  });
  // The only limit of graphql-js is one of its rules.
  const isLimitOfBoth =
    service.kind === "too large" && brokenRules.includes("MaxIntrospectionDepthRule");
  const isSame = service.kind === reference.kind || isLimitOfBoth;
  const direction = service.kind === "accepted" ? "accepts" : "refuses";
  const deviation = deviations.find(
    (row) =>
      !isSame && service.kind !== "too large" && row.service === direction && row.concerns(request),
  );
  const agree = isSame || deviation !== undefined;
  return { request, reference, service, brokenRules, agree, ...(deviation ? { deviation } : {}) };
}

export const report = ({ request, reference, service, brokenRules }: Comparison) =>
  [
    `graphql-js: ${described(reference)} ${brokenRules.length > 0 ? `(${brokenRules.join(", ")})` : ""}`,
    `service:    ${described(service)}`,
    shown(request),
  ].join("\n");

const shown = ({ document, variables, operationName }: GraphqlRequest) =>
  `${JSON.stringify(document)}\nvariables: ${variables}` +
  (operationName === undefined ? "" : `\noperationName: ${operationName}`);
