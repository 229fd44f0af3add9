import { useMemo, useRef } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import type {
  useSteps_scenario$data,
  useSteps_scenario$key,
} from '../../relay/__generated__/useSteps_scenario.graphql';
import type { BoardStep } from './pipelineContext';
import { problemsByStep, type StepProblems } from './problems';
import { MAX_STEPS } from './stepOrder';
import { useMissingSteps } from './useMissingSteps';
import { usePipelineProblems } from './usePipelineProblems';

const FRAGMENT = graphql`
  fragment useSteps_scenario on CrmScenario {
    id
    ...order_scenario
    revision
    stepCount
    diagnostics {
      code
      severity
      steps {
        id
      }
    }
    steps(first: 1000) {
      edges {
        node {
          ...stepSummary_step
          id
          version
          name
          trigger
          agent {
            id
            name
          }
          defaultStatus
          defaultPriority
          defaultTags
          defaultTagsToRemove
          autoNextStepId
        }
      }
    }
  }
`;

type Node = useSteps_scenario$data['steps']['edges'][number]['node'];

/** The steps of a pipeline, in their order, with what is the matter with them. */
export interface Steps {
  ids: readonly string[];
  steps: ReadonlyMap<string, BoardStep>;
  positions: ReadonlyMap<string, number>;
  problems: ReadonlyMap<string, StepProblems>;
  /** How many there are in all, if they are more than are read at once. */
  countIfMore: number | null;
}

/** Reads the steps of a pipeline. What has not changed stays the same object, so that little is drawn anew. */
export function useSteps(scenario: useSteps_scenario$key): Steps {
  const { id, revision, stepCount, steps: connection, diagnostics } = useFragment(FRAGMENT, scenario);
  const known = useRef<ReadonlyMap<string, BoardStep>>(new Map());
  const knownIds = useRef<readonly string[]>([]);
  const read = useMemo(() => {
    const steps = new Map<string, BoardStep>();
    const missing: string[] = [];
    for (const { node } of connection.edges) {
      if (isDeleted(node)) continue;
      if (!isRead(node)) missing.push(node.id);
      else steps.set(node.id, same(known.current.get(node.id), node));
    }
    known.current = steps;
    const ids = [...steps.keys()];
    const isSameOrder = ids.length === knownIds.current.length && ids.every((id, at) => id === knownIds.current[at]);
    if (!isSameOrder) knownIds.current = ids;
    return { steps, missing, ids: knownIds.current };
  }, [connection]);
  const positions = useMemo(() => new Map(read.ids.map((stepId, at) => [stepId, at])), [read.ids]);
  const problems = useMemo(() => problemsByStep(diagnostics), [diagnostics]);
  useMissingSteps(read.missing);
  usePipelineProblems(id, revision);
  const countIfMore = stepCount > MAX_STEPS ? stepCount : null;
  // The same as long as what the page shows is the same: answers often say again what it shows already.
  return useMemo(
    () => ({ ids: read.ids, steps: read.steps, positions, problems, countIfMore }),
    [read, positions, problems, countIfMore],
  );
}

/** A step that has been deleted since the list was read is null, whatever the types say. */
function isDeleted(node: Node | null): boolean {
  return node === null;
}

/** Of a step of which the store knows the id alone, everything else is undefined, whatever the types say. */
function isRead(node: Node): boolean {
  return (node as Partial<Node>).name !== undefined && (node as Partial<Node>).version !== undefined;
}

function same(before: BoardStep | undefined, now: BoardStep): BoardStep {
  if (before === undefined) return now;
  const isSame =
    before.version === now.version &&
    before.name === now.name &&
    before.trigger === now.trigger &&
    before.agent?.id === now.agent?.id &&
    before.agent?.name === now.agent?.name &&
    before.defaultStatus === now.defaultStatus &&
    before.defaultPriority === now.defaultPriority &&
    before.autoNextStepId === now.autoNextStepId &&
    isSameList(before.defaultTags, now.defaultTags) &&
    isSameList(before.defaultTagsToRemove, now.defaultTagsToRemove);
  return isSame ? before : now;
}

function isSameList(a: readonly string[] | null | undefined, b: readonly string[] | null | undefined): boolean {
  return a?.length === b?.length && (a ?? []).every((value, at) => value === b?.[at]);
}
