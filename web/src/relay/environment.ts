import {
  Environment,
  Network,
  RecordSource,
  ROOT_ID,
  Store,
  type MissingFieldHandler,
  type RelayFieldLogger,
  type RequestParameters,
  type Variables,
} from 'relay-runtime';
import { failureOf, RequestFailed, toFailure, type ResponseError } from './errors';
import { Live, lives, readPageAnew } from './live';
import { noteOrder } from './order';
import { refreshPage } from './pageQueries';
import { post, type ResponseWithData } from './post';
import { changesAfter } from './stream';

/** What requests need of the session. */
export interface Credentials {
  /** The present token. */
  token(): string;
  /**
   * Asks for another token of the same organization, because the service rejected this one. Requests wait for it and
   * are sent again, so that nothing is lost.
   */
  renew(rejected: string): Promise<string>;
  /** Takes notice of the end of a request: a failure, or null. */
  report(failure: RequestFailed | null): void;
}

/** The store and the network of a session. Documents are sent by their hash only. */
export function createEnvironment(session: Credentials): Environment {
  // Mutations are sent one after another: a step that is moved twice ends where the second move says.
  let mutations: Promise<unknown> = Promise.resolve();
  function fetch(params: RequestParameters, variables: Variables): Promise<ResponseWithData> {
    const isCommand = params.operationKind === 'mutation';
    const sent = isCommand ? mutations.then(() => send(session, params, variables)) : send(session, params, variables);
    const response = noteOrder(environment, isCommand, sent);
    if (isCommand) mutations = response.catch(() => undefined);
    return response;
  }
  const live = new Live(session);
  const environment: Environment = new Environment({
    network: Network.create(fetch, (params, variables) =>
      changesAfter(
        () => live.socket(),
        params,
        variables,
        () => readPageAnew(environment),
      ).do({ error: (error: Error) => session.report(toFailure(error)) }),
    ),
    store: new Store(new RecordSource(), { gcReleaseBufferSize: 20 }),
    missingFieldHandlers: [readById],
    relayFieldLogger: (event) => throwFailure(event, environment),
  });
  lives.set(environment, live);
  return environment;
}

type Document = Parameters<typeof post>[1];

async function send(session: Credentials, document: Document, variables: object): Promise<ResponseWithData> {
  const token = session.token();
  try {
    const response = await post(token, document, variables);
    session.report(null);
    return response;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    if (error.kind !== 'signedOut') {
      session.report(error);
      throw error;
    }
    await session.renew(token);
    return send(session, document, variables);
  }
}

/** Reads an object that is in the store already by its id, whichever field it came from. */
const readById: MissingFieldHandler = {
  kind: 'linked',
  handle(field, parent, args) {
    const isById = field.name === 'node' || field.name === 'crmStep' || field.name === 'crmScenario';
    if (!isById || parent?.getDataID() !== ROOT_ID) return undefined;
    return typeof args.id === 'string' ? args.id : undefined;
  },
};

/**
 * Fragments with `@throwOnFieldError` throw the failure of their field, with its code and request id, to the error
 * boundary of their pane. Without this it would be an error of Relay that has neither.
 */
function throwFailure(event: Parameters<RelayFieldLogger>[0], environment: Environment): void {
  if (event.kind !== 'relay_field_payload.error' || !event.shouldThrow || event.handled) return;
  const failure = failureOf({ ...(event.error as ResponseError), path: [event.fieldPath] });
  failure.forget = () => refreshPage(environment);
  throw failure;
}
