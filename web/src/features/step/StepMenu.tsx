import { lazy, Suspense, useState } from 'react';
import { sayRefusal } from '../../app/steps/sayRefusal';
import { useDuplicateStep } from '../../app/steps/useDuplicateStep';
import { useStepLifecycle } from '../../app/steps/useStepLifecycle';
import { useMessages } from '../../messages/Messages';
import { copyOrSay } from '../../ui/copyText';
import { IconButton } from '../../ui/IconButton';
import { Menu } from '../../ui/Menu';
import { showToast } from '../../ui/toasts';
import type { StoredStep } from './storedStep';

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
  const lifecycle = useStepLifecycle(scenarioId);
  const [copy, isDuplicating] = useDuplicateStep(lifecycle);
  const { name } = step.values;
  const duplicate = () =>
    copy(step.id, { label: t.step.undoDuplicate(name), toast: t.step.duplicated(name), onCopied: onCreated });
  const copyLink = async () => {
    if (await copyOrSay(t, window.location.href)) showToast({ text: t.step.linkCopied, tone: 'success' });
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
          { id: 'link', label: t.step.copyLink, icon: 'link', onAction: () => void copyLink() },
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
              const result = await lifecycle.remove([step], {
                toast: t.step.deleted(name),
                undo: lifecycle.deletion(t.step.undoDelete(name), [step]),
              });
              setDeleting(false);
              sayRefusal(t, result);
              if (result.is === 'done') onDeleted();
            }}
            onClose={() => setDeleting(false)}
          />
        </Suspense>
      )}
    </>
  );
}
