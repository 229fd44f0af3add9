import { graphql } from 'relay-runtime';
import { useDerived } from '../../relay/useDerived';

const QUERY = graphql`
  query usePipelineProblemsQuery($id: ID!) {
    crmScenario(id: $id) {
      id
      revision
      diagnosticCounts {
        errors
        warnings
        infos
      }
      diagnostics {
        code
        severity
        steps {
          id
        }
      }
    }
  }
`;

/** Reads which steps have problems again when the pipeline has another revision. */
export function usePipelineProblems(id: string, revision: number): void {
  useDerived(QUERY, id, revision);
}
