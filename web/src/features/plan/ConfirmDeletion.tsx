import { useState } from 'react';
import { useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Checkbox } from '../../ui/Checkbox';
import { Dialog } from '../../ui/Dialog';
import type { StepPlan } from './planning';

export interface ConfirmDeletionProps {
  steps: readonly StepPlan[];
  isBusy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Has somebody say that steps are to be deleted: a file that is empty or of another pipeline would delete them as well. */
export default function ConfirmDeletion({ steps, isBusy, onConfirm, onClose }: ConfirmDeletionProps) {
  const t = useMessages();
  const [isSure, setSure] = useState(false);
  return (
    <Dialog
      title={t.plan.confirmTitle(steps.length)}
      role="alertdialog"
      size="sm"
      isBusy={isBusy}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose} isDisabled={isBusy}>
            {t.ui.cancel}
          </Button>
          <Button
            variant="danger"
            isBusy={isBusy}
            isDisabled={!isSure}
            disabledReason={t.plan.confirmFirst}
            onPress={onConfirm}
          >
            {t.plan.applyAndDelete}
          </Button>
        </>
      }
    >
      <p>{t.plan.confirmText}</p>
      <ul className="plan-deleted">
        {steps.map(({ key, name }) => (
          <li key={key} translate="no">
            {name}
          </li>
        ))}
      </ul>
      <Checkbox isSelected={isSure} onChange={setSure} autoFocus>
        {t.plan.confirmCheck(steps.length)}
      </Checkbox>
    </Dialog>
  );
}
