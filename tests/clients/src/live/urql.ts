// urql with Graphcache: the changes of other clients update its cache.
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange, type UpdateResolver } from "@urql/exchange-graphcache";
import type { IntrospectionQuery } from "graphql";
import { ChangesDocument, type ChangesSubscription } from "../__generated__/graphql";
import type { Subscriber } from "./resume";

/** `subscriber` is `overWebSocket(url, token)` or `overServerSentEvents(url, token)`. */
export function urql(
  url: string,
  token: string,
  subscriber: Subscriber,
  schema: IntrospectionQuery,
) {
  return new Client({
    url,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    exchanges: [
      cacheExchange({ schema, updates: { Subscription: { changes: updateLists } } }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = "", variables }) => ({
          subscribe: (sink) => ({ unsubscribe: subscriber.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  });
}

/** Graphcache has written the subject. After events that change the list it reads the list again. */
const updateLists: UpdateResolver<ChangesSubscription> = ({ changes: { node } }, _, cache) => {
  const { action, crmScenario } = node;
  if (action !== "UPDATED" && crmScenario) {
    // With the arguments of the query Board.
    const { id } = crmScenario;
    cache.invalidate({ __typename: "CrmScenario", id }, "steps", { first: 1000 });
  }
};

/** Follows the changes of a scenario. `after` is the `changesCursor` of the board that is shown. */
export function followChanges(client: Client, scenarioId: string, after: string) {
  const changes = client.subscription(ChangesDocument, { scenarioId, after });
  return changes.subscribe(({ error }) => error && console.error(error));
}
