// Apollo Client: the changes of other clients update its cache.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, Observable } from "@apollo/client";
import { OperationTypeNode, print } from "graphql";
import { BoardDocument, ChangesDocument } from "../__generated__/graphql";
import type { Subscriber } from "./resume";

/**
 * `subscriptions` is `new GraphQLWsLink(overWebSocket(url, token))` or
 * `linkOf(overServerSentEvents(url, token))`.
 */
export function apollo(url: string, token: string, subscriptions: ApolloLink): ApolloClient {
  const http = new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } });
  const isSubscription = ({ operationType }: ApolloLink.Operation) =>
    operationType === OperationTypeNode.SUBSCRIPTION;
  const link = ApolloLink.split(isSubscription, subscriptions, http);
  return new ApolloClient({ link, cache: new InMemoryCache() });
}

/** graphql-sse as a link. */
export const linkOf = (client: Subscriber) =>
  new ApolloLink(
    ({ query, variables, operationName }) =>
      new Observable((sink) =>
        client.subscribe({ query: print(query), variables, operationName }, sink),
      ),
  );

/** Follows the changes of a scenario. `after` is the `changesCursor` of the board that is shown. */
export function followChanges(client: ApolloClient, scenarioId: string, after: string) {
  const changes = client.subscribe({ query: ChangesDocument, variables: { scenarioId, after } });
  return changes.subscribe(({ data, error }) => {
    if (error) console.error(error);
    // Apollo has written the subject into its cache. Other events change the list.
    if (data && data.changes.node.action !== "UPDATED") {
      client.refetchQueries({ include: [BoardDocument] }).catch(console.error);
    }
  });
}
