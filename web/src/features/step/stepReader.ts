import {
  createOperationDescriptor,
  fetchQuery,
  getRequest,
  graphql,
  type IEnvironment,
  type Subscription,
} from 'relay-runtime';
import type { stepReaderQuery } from '../../relay/__generated__/stepReaderQuery.graphql';
import { toFailure, type RequestFailed } from '../../relay/errors';
import { readProblems, type StepProblem } from './problems';
import { readStep, type StoredStep } from './storedStep';

const QUERY = graphql`
  query stepReaderQuery($id: ID!) {
    crmStep(id: $id) {
      id
      version
      ...storedStep_step
      scenario {
        ...problems_scenario
      }
    }
  }
`;

/** What is known of a step that is shown. */
export type Reading =
  | { readonly is: 'loading' }
  | { readonly is: 'failed'; readonly failure: RequestFailed }
  /** It does not exist, or not any more. */
  | { readonly is: 'gone' }
  | { readonly is: 'there'; readonly step: StoredStep; readonly problems: readonly StepProblem[] };

/** An event and what it is about come together; what a command of this page answers is here by then. */
const TOGETHER_MS = 50;
/** How often an answer that is older than what is known is asked for again. */
const ATTEMPTS = 3;

/**
 * Reads a step from the service, and again whenever the store learns of another version of it, from any client. What it has
 * is of one version as a whole, which what the store has need not be.
 */
export class StepReader {
  readonly #environment: IEnvironment;
  readonly #id: string;
  readonly #listeners = new Set<() => void>();
  #state: Reading = { is: 'loading' };
  #request: Subscription | null = null;
  #timer = 0;

  constructor(environment: IEnvironment, id: string) {
    this.#environment = environment;
    this.#id = id;
  }

  get state(): Reading {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads and follows the step until the function that it returns is called. */
  readonly start = (): (() => void) => {
    const operation = createOperationDescriptor(getRequest(QUERY), { id: this.#id });
    const retained = this.#environment.retain(operation);
    const followed = this.#environment.subscribe(this.#environment.lookup(operation.fragment), ({ data }) => {
      const { crmStep } = data as stepReaderQuery['response'];
      if (crmStep) this.#expect(crmStep.version);
    });
    this.#read();
    return () => {
      window.clearTimeout(this.#timer);
      this.#request?.unsubscribe();
      this.#request = null;
      followed.dispose();
      retained.dispose();
    };
  };

  /** Reads it anew, after a failure or because it may be gone. */
  readonly reload = (): void => {
    if (this.#state.is === 'failed') this.#set({ is: 'loading' });
    this.#read();
  };

  /** Takes what a command has answered. */
  readonly accept = (step: StoredStep, problems: readonly StepProblem[]): void => {
    this.#set({ is: 'there', step, problems });
  };

  #expect(version: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      if (this.#state.is !== 'there' || this.#state.step.version < version) this.#read(version);
    }, TOGETHER_MS);
  }

  #read(version = 0, attempts = ATTEMPTS): void {
    this.#request?.unsubscribe();
    this.#request = fetchQuery<stepReaderQuery>(this.#environment, QUERY, { id: this.#id }).subscribe({
      next: ({ crmStep }) => {
        if (!crmStep?.scenario) return this.#set({ is: 'gone' });
        // It was sent before what the store has learned meanwhile.
        if (crmStep.version < version && attempts > 1) return this.#read(version, attempts - 1);
        this.#set({ is: 'there', step: readStep(crmStep), problems: readProblems(crmStep.scenario, this.#id) });
      },
      // What is shown stays; the frame says that the service does not respond.
      error: (error: Error) => {
        if (this.#state.is !== 'there') this.#set({ is: 'failed', failure: toFailure(error) });
      },
    });
  }

  #set(state: Reading): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
