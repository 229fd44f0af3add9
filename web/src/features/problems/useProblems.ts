import { useMemo } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import type { useProblems_scenario$key } from '../../relay/__generated__/useProblems_scenario.graphql';
import { useDerived } from '../../relay/useDerived';
import type { Problem } from './problems';

const SCENARIO = graphql`
  fragment useProblems_scenario on CrmScenario {
    id
    revision
    diagnostics {
      code
      severity
      message
      params {
        name
        value
      }
      steps {
        id
        name
      }
    }
  }
`;

const REFRESH = graphql`
  query useProblemsRefreshQuery($id: ID!) {
    crmScenario(id: $id) {
      ...useProblems_scenario
    }
  }
`;

/**
 * The problems of a pipeline, in the order of the service: the worst first. They are read again after each change of the
 * pipeline, so that they are those that it has now.
 */
export function useProblems(scenario: useProblems_scenario$key): readonly Problem[] {
  const { id, revision, diagnostics } = useFragment(SCENARIO, scenario);
  useDerived(REFRESH, id, revision);
  return useMemo(
    () =>
      diagnostics.map((diagnostic) => ({
        ...diagnostic,
        // A step that has been deleted since is null, whatever the schema says.
        steps: diagnostic.steps.filter((step) => step !== null),
      })),
    [diagnostics],
  );
}
