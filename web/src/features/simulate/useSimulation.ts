import { useCallback, useEffect, useRef, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql, type Subscription } from 'relay-runtime';
import type {
  SimulateCrmScenarioInput,
  useSimulationQuery,
  useSimulationQuery$data,
} from '../../relay/__generated__/useSimulationQuery.graphql';
import { toFailure, type RequestFailed } from '../../relay/errors';

const SIMULATE = graphql`
  query useSimulationQuery($input: SimulateCrmScenarioInput!) {
    simulateCrmScenario(input: $input) {
      timeline {
        at
        elapsedSeconds
        kind
        cause
        stepIndex
        details
        message
      }
      end {
        reason
        stepIndex
        atSeconds
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

type Simulation = useSimulationQuery$data['simulateCrmScenario'];

/** A simulation that has been run, with what it was run for. */
export interface Result<T> {
  of: T;
  timeline: Simulation['timeline'];
  end: Simulation['end'];
  /** The rules that the input violates; the timeline is empty then. */
  errors: Simulation['userErrors'];
}

export interface SimulationRuns<T> {
  isBusy: boolean;
  /** The last one that was answered. */
  result: Result<T> | null;
  failure: RequestFailed | null;
  /** Runs the simulation of an input; one before it that has no answer yet is given up. `of` is kept with the result. */
  run: (input: SimulateCrmScenarioInput, of: T, onResult: (result: Result<T>) => void) => void;
  clear: () => void;
}

/** Runs simulations. They are not kept in the store: nobody changes them, and each input gives one of its own. */
export function useSimulation<T>(): SimulationRuns<T> {
  const environment = useRelayEnvironment();
  const running = useRef<Subscription | null>(null);
  const [state, setState] = useState<Pick<SimulationRuns<T>, 'isBusy' | 'result' | 'failure'>>({
    isBusy: false,
    result: null,
    failure: null,
  });

  const run = useCallback<SimulationRuns<T>['run']>(
    (input, of, onResult) => {
      running.current?.unsubscribe();
      setState(({ result }) => ({ isBusy: true, result, failure: null }));
      const options = { networkCacheConfig: { force: true } };
      running.current = fetchQuery<useSimulationQuery>(environment, SIMULATE, { input }, options).subscribe({
        next: ({ simulateCrmScenario: { timeline, end, userErrors } }) => {
          const result = { of, timeline, end, errors: userErrors };
          setState({ isBusy: false, result, failure: null });
          onResult(result);
        },
        error: (error: unknown) => setState(({ result }) => ({ isBusy: false, result, failure: toFailure(error) })),
      });
    },
    [environment],
  );
  const clear = useCallback(() => {
    running.current?.unsubscribe();
    setState({ isBusy: false, result: null, failure: null });
  }, []);
  useEffect(() => () => running.current?.unsubscribe(), []);

  return { ...state, run, clear };
}
