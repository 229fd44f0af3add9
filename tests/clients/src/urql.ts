// urql: Graphcache uses the introspection of the service, and joins pages by its relayPagination.
import { Client, fetchExchange, gql } from "@urql/core";
import { cacheExchange, type UpdateResolver } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import assert from "node:assert/strict";
import { StepsDocument, type DeleteStepMutation } from "./__generated__/graphql";
import { connectionOf, mutations, stepsOf, type Execute } from "./documents";
import { headers, serviceUrl } from "./service";
import { pageSize, walkThrough, type Step } from "./walkthrough";

const methods = new Set<string | undefined>();
const watchedFetch: typeof fetch = (url, init) => {
  methods.add(init?.method);
  return fetch(url, init);
};
const service = { url: serviceUrl, fetchOptions: { headers }, fetch: watchedFetch };

const uncached = new Client({ ...service, exchanges: [fetchExchange] });
const introspection = await uncached.query<IntrospectionQuery>(gql(getIntrospectionQuery()), {});
assert(introspection.data, introspection.error);
console.log("passed: urql: introspected the schema");

// Graphcache has to be told how mutations affect cached lists.
const removeStepFromPages: UpdateResolver<DeleteStepMutation, { id: string }> = (
  { deleteCrmStep },
  { id },
  cache,
) => {
  const scenario = cache.keyOfEntity({
    __typename: "CrmScenario",
    id: deleteCrmStep?.crmScenario?.id ?? null,
  });
  const step = cache.keyOfEntity({ __typename: "CrmStep", id });
  for (const { fieldName, fieldKey } of cache.inspectFields(scenario)) {
    if (fieldName === "steps") {
      const page = cache.resolve(scenario, fieldKey) as string;
      const edges = cache.resolve(page, "edges") as string[];
      const others = edges.filter((edge) => cache.resolve(edge, "node") !== step);
      cache.link(page, "edges", others);
    }
  }
};

const graphcache = cacheExchange({
  schema: introspection.data,
  resolvers: { CrmScenario: { steps: relayPagination() } },
  updates: { Mutation: { deleteCrmStep: removeStepFromPages } },
});
const client = new Client({ ...service, exchanges: [graphcache, fetchExchange] });

const mutate: Execute = async (mutation, variables) => {
  const { data, error } = await client.mutation(mutation, variables);
  assert(data, error);
  return data;
};

await walkThrough("urql", {
  ...mutations(mutate),
  async pageThroughSteps(scenarioId) {
    const pages: Step[][] = [];
    let after: string | null | undefined;
    let hasNextPage = true;
    while (hasNextPage) {
      const { data } = await client.query(StepsDocument, { scenarioId, first: pageSize, after });
      // Each result joins all pages so far.
      pages.push(stepsOf(data).slice(pages.flat().length));
      ({ endCursor: after, hasNextPage } = connectionOf(data).pageInfo);
    }
    return pages;
  },
  async readSteps(scenarioId) {
    const variables = { scenarioId, first: 100 };
    const { data } = await client.query(StepsDocument, variables, {
      requestPolicy: "network-only",
    });
    return stepsOf(data);
  },
  cachedSteps(scenarioId) {
    const variables = { scenarioId, first: pageSize };
    const cached = client.readQuery(StepsDocument, variables, { requestPolicy: "cache-only" });
    return stepsOf(cached?.data);
  },
});

// By default urql sends queries with a short URL by GET.
assert(methods.has("GET"));
console.log("passed: urql: queried by GET");
