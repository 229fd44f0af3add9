import { useMemo } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import type { useDirectory_scenario$key } from '../../relay/__generated__/useDirectory_scenario.graphql';

const SCENARIO = graphql`
  fragment useDirectory_scenario on CrmScenario {
    flow {
      steps {
        crmStep {
          id
          name
          trigger
          agent {
            id
            name
          }
          selectedMembershipsForAssignee {
            id
            name
          }
        }
      }
    }
  }
`;

/** Who and what a simulation of the pipeline can be about. */
export interface Directory {
  /** By index. */
  steps: readonly { id: string; name: string; hasTrigger: boolean }[];
  indexOf: (stepId: string) => number | undefined;
  /** The names of the people to whom a step can assign, by id. */
  people: ReadonlyMap<string, string>;
  /** The names of the agents that take over in a step, by id. */
  agents: ReadonlyMap<string, string>;
}

/** The names for what the API answers with ids and indexes. */
export function useDirectory(scenario: useDirectory_scenario$key): Directory {
  const { flow } = useFragment(SCENARIO, scenario);
  return useMemo(() => {
    const steps: Directory['steps'][number][] = [];
    const people = new Map<string, string>();
    const agents = new Map<string, string>();
    for (const { crmStep } of flow.steps) {
      // A step that has been deleted since is null, whatever the schema says.
      const step: typeof crmStep | null = crmStep;
      if (step === null) {
        steps.push({ id: '', name: '', hasTrigger: false });
        continue;
      }
      steps.push({ id: step.id, name: step.name, hasTrigger: step.trigger != null && step.trigger.trim() !== '' });
      if (step.agent) agents.set(step.agent.id, step.agent.name);
      for (const { id, name } of step.selectedMembershipsForAssignee ?? []) people.set(id, name);
    }
    const indexes = new Map(steps.map(({ id }, index) => [id, index]));
    return { steps, indexOf: (id) => indexes.get(id), people, agents };
  }, [flow]);
}
