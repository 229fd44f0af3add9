import { useEffect, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql } from 'relay-runtime';
import { sentenceOf } from '../../messages/errors';
import { useFormat, useMessages } from '../../messages/Messages';
import type { DeleteStepsDialogQuery } from '../../relay/__generated__/DeleteStepsDialogQuery.graphql';
import { Banner } from '../../ui/Banner';
import { ConfirmDialog } from '../../ui/Dialog';
import { usePipeline } from './pipelineContext';
import { useDeleteSteps } from './useDeleteSteps';

const IMPACT = graphql`
  query DeleteStepsDialogQuery($id: ID!) {
    deletionImpact(id: $id) {
      crmStepsWithoutTimerCount
      crmStepsWithoutTimer {
        id
        name
      }
    }
  }
`;

/** As many names as a sentence can have. */
const MAX_NAMES = 5;

interface Impact {
  count: number;
  names: readonly string[];
}

export interface DeleteStepsDialogProps {
  /** In the order in which they stand. */
  ids: readonly string[];
  onDeleted: () => void;
  onClose: () => void;
}

/** Asks before steps are deleted, and says which timers would be cleared. */
export default function DeleteStepsDialog({ ids, onDeleted, onClose }: DeleteStepsDialogProps) {
  const t = useMessages();
  const format = useFormat();
  const { scenarioId, steps } = usePipeline();
  const remove = useDeleteSteps(scenarioId);
  const impact = useImpact(ids);
  // What the person sees is what is deleted: a step that changes while the dialog is open has another version then.
  const [seen, setSeen] = useState(() => ids.flatMap((id) => steps.get(id) ?? []));
  const [problem, setProblem] = useState<string | null>(null);
  const [first] = seen;
  if (first === undefined) return null;
  const isOne = seen.length === 1;

  const confirm = async () => {
    const result = await remove(seen);
    if (result.is === 'done') {
      onDeleted();
    } else if (result.is === 'refused') {
      const current = result.response.deleteCrmSteps?.currentCrmSteps ?? [];
      const byId = new Map(current.map((step) => [step.id, step]));
      setSeen(seen.map((step) => ({ ...step, version: byId.get(step.id)?.version ?? step.version })));
      const [error] = result.errors;
      setProblem(
        current.length > 0
          ? t.board.deleteStale(format.list(current.map(({ name }) => name)))
          : error
            ? sentenceOf(t, error)
            : null,
      );
    }
  };

  return (
    <ConfirmDialog
      title={isOne ? t.board.deleteTitle(first.name) : t.board.deleteManyTitle(seen.length)}
      confirmLabel={isOne ? t.board.deleteConfirm : t.board.deleteManyConfirm(seen.length)}
      isDanger
      onConfirm={confirm}
      onClose={onClose}
    >
      {problem !== null && (
        <Banner tone="warning" announced="alert">
          {problem}
        </Banner>
      )}
      <p>
        {impact === null
          ? t.ui.loading
          : impact.count === 0
            ? t.board.deleteNoTimers
            : t.board.deleteTimers(impact.count, format.list(impact.names.slice(0, MAX_NAMES)))}
      </p>
      <p>{t.board.deleteUndo}</p>
    </ConfirmDialog>
  );
}

/**
 * What else would change; null until it is known. The service says it for one step. For several it is what of their
 * timers the page knows, without the steps that are deleted themselves.
 */
function useImpact(ids: readonly string[]): Impact | null {
  const environment = useRelayEnvironment();
  const { steps } = usePipeline();
  const single = ids.length === 1 ? ids[0] : undefined;
  const [impact, setImpact] = useState<Impact | null>(null);
  useEffect(() => {
    if (single === undefined) return undefined;
    const { unsubscribe } = fetchQuery<DeleteStepsDialogQuery>(
      environment,
      IMPACT,
      { id: single },
      { fetchPolicy: 'network-only' },
    ).subscribe({
      next: ({ deletionImpact }) => {
        const names = deletionImpact?.crmStepsWithoutTimer.map(({ name }) => name) ?? [];
        setImpact({ count: deletionImpact?.crmStepsWithoutTimerCount ?? 0, names });
      },
      error: () => setImpact({ count: 0, names: [] }),
    });
    return unsubscribe;
  }, [environment, single]);
  if (single !== undefined) return impact;
  const removed = new Set(ids);
  const leading = [...steps.values()].filter(
    ({ id, autoNextStepId }) => !removed.has(id) && autoNextStepId != null && removed.has(autoNextStepId),
  );
  return { count: leading.length, names: leading.map(({ name }) => name) };
}
