import { useLazyLoadQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useFormat, useMessages } from '../../messages/Messages';
import type { DeleteDialogQuery } from '../../relay/__generated__/DeleteDialogQuery.graphql';
import { ConfirmDialog } from '../../ui/Dialog';
import { Pane } from '../../ui/Pane';
import { SkeletonText } from '../../ui/Skeleton';
import type { StoredStep } from './storedStep';

const IMPACT = graphql`
  query DeleteDialogQuery($id: ID!) {
    deletionImpact(id: $id) {
      crmStepsWithoutTimerCount
      crmStepsWithoutTimer {
        id
        name
      }
    }
  }
`;

/** The steps that are named; of more the number is enough. */
const NAMED = 10;

/** Asks before a step is deleted, and says what else that changes. */
export default function DeleteDialog({
  step,
  isDirty,
  remove,
  onClose,
}: {
  step: StoredStep;
  isDirty: boolean;
  remove: () => Promise<void>;
  onClose: () => void;
}) {
  const t = useMessages();
  return (
    <ConfirmDialog
      title={t.step.deleteTitle(step.values.name)}
      confirmLabel={t.step.deleteConfirm}
      isDanger
      onConfirm={remove}
      onClose={onClose}
    >
      <p>{t.step.deleteText}</p>
      {isDirty && <p>{t.step.deleteWithDraft}</p>}
      <Pane label={t.step.impactLoading} skeleton={<SkeletonText lines={2} />}>
        <Impact id={step.id} />
      </Pane>
    </ConfirmDialog>
  );
}

function Impact({ id }: { id: string }) {
  const t = useMessages();
  const format = useFormat();
  const { deletionImpact } = useLazyLoadQuery<DeleteDialogQuery>(IMPACT, { id }, { fetchPolicy: 'network-only' });
  if (!deletionImpact || deletionImpact.crmStepsWithoutTimerCount === 0) return null;
  const { crmStepsWithoutTimer: steps, crmStepsWithoutTimerCount: count } = deletionImpact;
  const named = steps.slice(0, NAMED);
  return (
    <>
      <p>{t.step.deleteImpact(count)}</p>
      <ul className="step-list">
        {named.map((other) => (
          <li key={other.id} translate="no">
            {other.name}
          </li>
        ))}
        {count > named.length && <li>{t.step.andMore(format.number(count - named.length))}</li>}
      </ul>
    </>
  );
}
