// Relay: the changes of other clients update its store. The documents are in ../relay/board.ts.
import {
  ConnectionHandler,
  Environment,
  fetchQuery,
  Network,
  Observable,
  requestSubscription,
  type FetchFunction,
  type SubscribeFunction,
} from "relay-runtime";
import boardChanges, {
  type boardChangesSubscription as BoardChanges,
} from "../relay/__generated__/boardChangesSubscription.graphql";
import boardQuery, {
  type boardQuery as BoardQuery,
} from "../relay/__generated__/boardQuery.graphql";
import type { Subscriber } from "./resume";

/** `subscriber` is `overWebSocket(url, token)` or `overServerSentEvents(url, token)`. */
export function relay(url: string, token: string, subscriber: Subscriber) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const fetchFunction: FetchFunction = async ({ text }, variables) => {
    const body = JSON.stringify({ query: text, variables });
    const response = await fetch(url, { method: "POST", headers, body });
    return response.json();
  };
  const subscribe: SubscribeFunction = ({ text }, variables) =>
    Observable.create((sink) => subscriber.subscribe({ query: text ?? "", variables }, sink));
  return new Environment({ network: Network.create(fetchFunction, subscribe) });
}

/** Follows the changes of a scenario. `after` is the `changesCursor` of the board that is shown. */
export function followChanges(environment: Environment, scenarioId: string, after: string) {
  const connections = [ConnectionHandler.getConnectionID(scenarioId, "board_steps")];
  return requestSubscription<BoardChanges>(environment, {
    subscription: boardChanges,
    variables: { scenarioId, after, connections },
    // Relay has written the subject into its store. Other events change the list.
    onNext(data) {
      if (data && data.changes.node.action !== "UPDATED") {
        fetchQuery<BoardQuery>(environment, boardQuery, { scenarioId }).subscribe({});
      }
    },
    onError: (problem) => console.error(problem),
  });
}
