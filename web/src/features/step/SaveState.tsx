import { useMessages } from '../../messages/Messages';
import { Icon } from '../../ui/Icon';
import { Spinner } from '../../ui/Spinner';

/** Whether what is shown is stored. */
export function SaveState({ isBusy, isDirty, isSaved }: { isBusy: boolean; isDirty: boolean; isSaved: boolean }) {
  const t = useMessages();
  return (
    <span className="step-save-state" role="status">
      {isBusy ? (
        <>
          <Spinner />
          {t.step.saving}
        </>
      ) : isDirty ? (
        <>
          <span className="step-save-dot" aria-hidden="true" />
          {t.step.unsaved}
        </>
      ) : (
        isSaved && (
          <>
            <Icon name="check" />
            {t.step.savedAll}
          </>
        )
      )}
    </span>
  );
}
