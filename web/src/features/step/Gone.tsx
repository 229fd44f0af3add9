import { useEffect, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql } from 'relay-runtime';
import { useSession } from '../../app/session';
import { sayRefusal } from '../../app/steps/sayRefusal';
import { useStepLifecycle } from '../../app/steps/useStepLifecycle';
import { labelOfField } from '../../messages/labels';
import { useFormat, useMessages } from '../../messages/Messages';
import type { GoneQuery, GoneQuery$data } from '../../relay/__generated__/GoneQuery.graphql';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';

const DELETION = graphql`
  query GoneQuery($id: ID!, $step: ID!) {
    crmScenario(id: $id) {
      history(first: 1, orderBy: { direction: DESC }, filter: { actions: [DELETED], subjectId: $step }) {
        nodes {
          id
          tokenName
          happenedAt
          before
        }
      }
    }
  }
`;

type Deletion = NonNullable<GoneQuery$data['crmScenario']>['history']['nodes'][number];

/** Stands in place of a step that is not there: by whom it was deleted, and how it comes back. */
export function Gone({
  scenarioId,
  stepId,
  hasDraft,
  onRestored,
}: {
  scenarioId: string;
  stepId: string;
  hasDraft: boolean;
  onRestored: () => void;
}) {
  const t = useMessages();
  const format = useFormat();
  const { can } = useSession();
  const lifecycle = useStepLifecycle(scenarioId);
  const deletion = useDeletion(scenarioId, stepId);
  if (deletion === undefined) return null;
  if (deletion === null) {
    return (
      <EmptyState icon="search" title={t.step.neverTitle}>
        {t.step.neverText}
      </EmptyState>
    );
  }
  const restore = async () => {
    const name = nameOf(deletion) ?? t.step.unnamed;
    const result = await lifecycle.restore(stepId, {
      toast({ restoreCrmStep }) {
        const cleared = (restoreCrmStep?.clearedFields ?? []).map((field) => labelOfField(t, field));
        return cleared.length === 0 ? t.step.restored(name) : t.step.restoredWithout(name, format.list(cleared));
      },
    });
    sayRefusal(t, result);
    if (result.is === 'done') onRestored();
  };
  return (
    <EmptyState
      icon="delete"
      title={t.step.goneTitle}
      action={
        <Button
          variant="primary"
          icon="restore"
          onPress={() => void restore()}
          isBusy={lifecycle.isBusy}
          isDisabled={!can.write}
          disabledReason={t.step.readOnly}
        >
          {t.step.restore}
        </Button>
      }
    >
      {nameOf(deletion) !== null && (
        <p>
          <strong translate="no">{nameOf(deletion)}</strong>
        </p>
      )}
      <p>{t.step.goneBy(deletion.tokenName, format.ago(deletion.happenedAt))}</p>
      {hasDraft && <p>{t.step.goneWithDraft}</p>}
    </EmptyState>
  );
}

/** How the step was deleted; null if that is not known, and undefined as long as it is asked for. */
function useDeletion(scenarioId: string, stepId: string): Deletion | null | undefined {
  const environment = useRelayEnvironment();
  const [deletion, setDeletion] = useState<Deletion | null>();
  useEffect(() => {
    const request = fetchQuery<GoneQuery>(environment, DELETION, { id: scenarioId, step: stepId }).subscribe({
      next: ({ crmScenario }) => setDeletion(crmScenario?.history.nodes[0] ?? null),
      error: () => setDeletion(null),
    });
    return () => request.unsubscribe();
  }, [environment, scenarioId, stepId]);
  return deletion;
}

/** The name that the step had. */
function nameOf({ before }: Deletion): string | null {
  const name = typeof before === 'object' && before !== null && 'name' in before ? before.name : null;
  return typeof name === 'string' ? name : null;
}
