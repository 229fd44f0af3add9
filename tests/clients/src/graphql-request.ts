// graphql-request: sends typed documents, without a cache. The test itself passes the cursors.
import { GraphQLClient } from "graphql-request";
import { StepsDocument } from "./__generated__/graphql";
import { connectionOf, mutations, stepsOf, type Execute } from "./documents";
import { headers, serviceUrl } from "./service";
import { pageSize, walkThrough, type Step } from "./walkthrough";

const client = new GraphQLClient(serviceUrl, { headers });
// Its types need the literal document, as below; Execute checks this call instead.
const execute: Execute = (document, variables) => client.request<any>(document, variables);

await walkThrough("graphql-request", {
  ...mutations(execute),
  async pageThroughSteps(scenarioId) {
    const pages: Step[][] = [];
    let after: string | null | undefined;
    let hasNextPage = true;
    while (hasNextPage) {
      const data = await client.request(StepsDocument, { scenarioId, first: pageSize, after });
      pages.push(stepsOf(data));
      ({ endCursor: after, hasNextPage } = connectionOf(data).pageInfo);
    }
    return pages;
  },
  async readSteps(scenarioId) {
    return stepsOf(await client.request(StepsDocument, { scenarioId, first: 100 }));
  },
});
