// Clients that follow changes over both transports, each with a scenario of its own.
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import type { ApolloLink } from "@apollo/client";
import assert from "node:assert/strict";
import { getIntrospectionQuery, print, type IntrospectionQuery } from "graphql";
import {
  createOperationDescriptor,
  fetchQuery,
  getSingularSelector,
  type Snapshot,
} from "relay-runtime";
import { WebSocket } from "ws";
import { BoardDocument, ChangesDocument, type BoardQuery } from "../__generated__/graphql";
import { apollo, followChanges as followByApollo, linkOf } from "../live/apollo";
import { overServerSentEvents, overWebSocket } from "../live/connect";
import { subscribe as subscribeByEventSource } from "../live/event-source";
import { followChanges as followByRelay, relay } from "../live/relay";
import type { Subscriber } from "../live/resume";
import { followChanges as followByUrql, urql } from "../live/urql";
import { post } from "../post";
import boardCard, {
  type boardCard$data as CardData,
  type boardCard$key as CardKey,
} from "../relay/__generated__/boardCard.graphql";
import boardQuery, {
  type boardQuery as RelayBoard,
} from "../relay/__generated__/boardQuery.graphql";
import { serviceUrl, token } from "../service";
import { follow, type ShowBoard } from "./follow";

// Node has it since version 22.
Object.assign(globalThis, { WebSocket });

type Report = (result: any) => void;
type Connect = (url: string, token: string) => Subscriber;

const namesOf = (data: BoardQuery | null | undefined) =>
  data?.crmScenario?.steps.nodes.map(({ name }) => name) ?? [];

async function read(document: string, variables: object): Promise<any> {
  const { data, errors } = await post(document, JSON.stringify(variables));
  assert(data && !errors, JSON.stringify(errors));
  return data;
}

/** The client, whose results are reported as well. */
const observed = <Client extends Subscriber>(client: Client, report: Report): Client => ({
  ...client,
  subscribe: (request, sink) =>
    client.subscribe(request, {
      next(result) {
        report(result);
        sink.next(result);
      },
      error: (problem) => sink.error(problem),
      complete: () => sink.complete(),
    }),
});

const withApollo =
  (link: (url: string, report: Report) => ApolloLink): ShowBoard =>
  async (scenarioId, url, onNames, report) => {
    const client = apollo(serviceUrl, token, link(url, report));
    const board = { query: BoardDocument, variables: { scenarioId } };
    const { data } = await client.query(board);
    assert(data);
    const shown = client.watchQuery(board).subscribe(({ data, dataState }) => {
      if (dataState === "complete") onNames(namesOf(data));
    });
    const changes = followByApollo(client, scenarioId, data.changesCursor);
    return {
      after: data.changesCursor,
      stop() {
        changes.unsubscribe();
        shown.unsubscribe();
        client.stop();
      },
    };
  };

const introspection: IntrospectionQuery = await read(getIntrospectionQuery(), {});

const withUrql =
  (connect: Connect): ShowBoard =>
  async (scenarioId, url, onNames, report) => {
    const client = urql(serviceUrl, token, observed(connect(url, token), report), introspection);
    const board = client.query(BoardDocument, { scenarioId });
    const { data, error } = await board;
    assert(data, error);
    const shown = board.subscribe((result) => result.data && onNames(namesOf(result.data)));
    const changes = followByUrql(client, scenarioId, data.changesCursor);
    return {
      after: data.changesCursor,
      stop() {
        changes.unsubscribe();
        shown.unsubscribe();
      },
    };
  };

const withRelay =
  (connect: Connect): ShowBoard =>
  async (scenarioId, url, onNames, report) => {
    const environment = relay(serviceUrl, token, observed(connect(url, token), report));
    const operation = createOperationDescriptor(boardQuery, { scenarioId });
    environment.retain(operation);
    const data = await fetchQuery<RelayBoard>(environment, boardQuery, { scenarioId }).toPromise();
    assert(data);
    // As the components of the cards do.
    const cards = new Map<string, { name: string; dispose: () => void }>();
    const show = () => onNames([...cards.values()].map(({ name }) => name));
    const showCards = ({ data }: Snapshot) => {
      cards.forEach(({ dispose }) => dispose());
      cards.clear();
      for (const { node } of (data as RelayBoard["response"]).crmScenario?.steps.edges ?? []) {
        const selector = getSingularSelector(boardCard, node as CardKey);
        assert(selector);
        const snapshot = environment.lookup(selector);
        const { id, name } = snapshot.data as CardData;
        const { dispose } = environment.subscribe(snapshot, ({ data }) => {
          const card = cards.get(id);
          if (card && data) card.name = (data as CardData).name;
          show();
        });
        cards.set(id, { name, dispose });
      }
      show();
    };
    const snapshot = environment.lookup(operation.fragment);
    showCards(snapshot);
    const shown = environment.subscribe(snapshot, showCards);
    const changes = followByRelay(environment, scenarioId, data.changesCursor);
    return {
      after: data.changesCursor,
      stop() {
        changes.dispose();
        shown.dispose();
        cards.forEach(({ dispose }) => dispose());
      },
    };
  };

/** Without a cache: the names are those of the events. */
const withoutCache =
  (subscribe: (url: string, variables: object, report: Report) => () => void): ShowBoard =>
  async (scenarioId, url, onNames, report) => {
    const data: BoardQuery = await read(print(BoardDocument), { scenarioId });
    const names = new Map(data.crmScenario?.steps.nodes.map(({ id, name }) => [id, name]));
    onNames([...names.values()]);
    const after = data.changesCursor;
    const stop = subscribe(url, { scenarioId, after }, (result) => {
      report(result);
      const { deletedId, subject } = result.data.changes.node;
      if (deletedId) names.delete(deletedId);
      else if (subject?.name) names.set(subject.id, subject.name);
      onNames([...names.values()]);
    });
    return { after, stop };
  };

const withoutLibrary = (connect: Connect) =>
  withoutCache((url, variables, next) =>
    connect(url, token).subscribe(
      { query: print(ChangesDocument), variables: { ...variables } },
      { next, error: assert.fail, complete: () => {} },
    ),
  );

const clients: Record<string, ShowBoard> = {
  "graphql-ws": withoutLibrary(overWebSocket),
  "graphql-sse": withoutLibrary(overServerSentEvents),
  EventSource: withoutCache((url, variables, report) =>
    subscribeByEventSource(url, token, print(ChangesDocument), variables, report),
  ),
  "Apollo over a WebSocket": withApollo(
    (url, report) => new GraphQLWsLink(observed(overWebSocket(url, token), report)),
  ),
  "Apollo over server-sent events": withApollo((url, report) =>
    linkOf(observed(overServerSentEvents(url, token), report)),
  ),
  "urql over a WebSocket": withUrql(overWebSocket),
  "urql over server-sent events": withUrql(overServerSentEvents),
  "Relay over a WebSocket": withRelay(overWebSocket),
  "Relay over server-sent events": withRelay(overServerSentEvents),
};
await Promise.all(Object.entries(clients).map(([name, show]) => follow(name, show)));
