// Apollo Client: joins pages by its relayStylePagination and normalizes objects by id.
import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import assert from "node:assert/strict";
import { StepsDocument } from "./__generated__/graphql";
import { connectionOf, mutations, stepsOf, type Execute } from "./documents";
import { headers, serviceUrl } from "./service";
import { pageSize, walkThrough, type Step } from "./walkthrough";

const cache = new InMemoryCache({
  typePolicies: { CrmScenario: { fields: { steps: relayStylePagination() } } },
});
const client = new ApolloClient({ link: new HttpLink({ uri: serviceUrl, headers }), cache });

const mutate: Execute = async (mutation, variables) => {
  const { data } = await client.mutate({ mutation, variables });
  assert(data);
  return data;
};
const byDocument = mutations(mutate);

await walkThrough("apollo", {
  ...byDocument,
  async pageThroughSteps(scenarioId) {
    const query = client.watchQuery({
      query: StepsDocument,
      variables: { scenarioId, first: pageSize },
    });
    const { data } = await query.refetch();
    const pages: Step[][] = [stepsOf(data)];
    let { endCursor: after, hasNextPage } = connectionOf(data).pageInfo;
    while (hasNextPage) {
      const { data } = await query.fetchMore({ variables: { after } });
      pages.push(stepsOf(data));
      ({ endCursor: after, hasNextPage } = connectionOf(data).pageInfo);
    }
    return pages;
  },
  async deleteStep(scenarioId, id) {
    const deletedId = await byDocument.deleteStep(scenarioId, id);
    cache.evict({ id: cache.identify({ __typename: "CrmStep", id: deletedId }) });
    return deletedId;
  },
  async readSteps(scenarioId) {
    const { data } = await client.query({
      query: StepsDocument,
      variables: { scenarioId, first: 100 },
      fetchPolicy: "network-only",
    });
    return stepsOf(data);
  },
  cachedSteps(scenarioId) {
    const variables = { scenarioId, first: pageSize };
    return stepsOf(client.readQuery({ query: StepsDocument, variables }));
  },
});
