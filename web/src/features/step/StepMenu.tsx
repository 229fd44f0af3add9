import { lazy, Suspense, useState } from 'react';
import { useCommand } from '../../app/useCommand';
import { useMessages } from '../../messages/Messages';
import type { stepMutationsDuplicateMutation } from '../../relay/__generated__/stepMutationsDuplicateMutation.graphql';
import { IconButton } from '../../ui/IconButton';
import { Menu } from '../../ui/Menu';
import { showToast } from '../../ui/toasts';
import { DUPLICATE } from './stepMutations';
import type { StoredStep } from './storedStep';
import { useLifecycle } from './useLifecycle';

const DeleteDialog = lazy(() => import('./DeleteDialog'));

/** What can be done with the step as a whole. */
export function StepMenu({
  scenarioId,
  step,
  isDirty,
  readOnlyReason,
  onCreated,
  onDeleted,
}: {
  scenarioId: string;
  step: StoredStep;
  isDirty: boolean;
  readOnlyReason: string | undefined;
  onCreated: (id: string) => void;
  onDeleted: () => void;
}) {
  const t = useMessages();
  const [isDeleting, setDeleting] = useState(false);
  const [runDuplicate, isDuplicating] = useCommand<stepMutationsDuplicateMutation>(DUPLICATE);
  const lifecycle = useLifecycle(scenarioId);
  const { name } = step.values;
  const duplicate = () =>
    runDuplicate({
      variables: { id: step.id },
      undo: ({ duplicateCrmStep }) =>
        duplicateCrmStep?.crmStep ? lifecycle.creation(t.step.undoDuplicate(name), duplicateCrmStep.crmStep) : null,
      toast: t.step.duplicated(name),
      onDone({ duplicateCrmStep }) {
        if (duplicateCrmStep?.crmStep) onCreated(duplicateCrmStep.crmStep.id);
      },
    });
  const copyLink = async () => {
    await navigator.clipboard.writeText(window.location.href);
    showToast({ text: t.step.linkCopied, tone: 'success' });
  };
  return (
    <>
      <Menu
        trigger={<IconButton icon="more" label={t.step.actions} isBusy={isDuplicating} />}
        items={[
          {
            id: 'duplicate',
            label: t.step.duplicate,
            icon: 'copy',
            description: isDirty ? t.step.duplicateStored : undefined,
            disabledReason: readOnlyReason,
            onAction: () => void duplicate(),
          },
          // There is no clipboard on pages that are served without TLS.
          ...(window.isSecureContext
            ? [{ id: 'link', label: t.step.copyLink, icon: 'link' as const, onAction: () => void copyLink() }]
            : []),
          '-',
          {
            id: 'delete',
            label: t.step.delete,
            icon: 'delete',
            isDanger: true,
            disabledReason: readOnlyReason,
            onAction: () => setDeleting(true),
          },
        ]}
      />
      {isDeleting && (
        <Suspense>
          <DeleteDialog
            step={step}
            isDirty={isDirty}
            remove={async () => {
              const result = await lifecycle.remove({ id: step.id, version: step.version, name });
              setDeleting(false);
              if (result.is === 'done') onDeleted();
            }}
            onClose={() => setDeleting(false)}
          />
        </Suspense>
      )}
    </>
  );
}
