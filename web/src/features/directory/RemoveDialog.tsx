import { useEffect, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { FailureBanner } from '../../app/FailureBanner';
import { useSubmission } from '../../app/useSubmission';
import { sentenceOf } from '../../messages/errors';
import { useMessages } from '../../messages/Messages';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { SkeletonText } from '../../ui/Skeleton';
import { readImpact, type Impact } from './impact';
import type { Deletion, EntityCommands } from './useEntityCommands';
import type { RemoveProps } from './useRowDialog';
import { UsesList } from './UsesList';

export interface RemoveDialogProps extends RemoveProps {
  words: {
    removeTitle: (name: string) => string;
    /** What deleting means, and that it cannot be undone. */
    removeText: string;
    /** What the button says. */
    remove: string;
  };
  remove: EntityCommands<object>['remove'];
}

/** Asks before something is deleted. What steps use cannot be deleted: then it says which ones, and leads to them. */
export function RemoveDialog({ entity, connection, words, remove, onRemoved, onClose }: RemoveDialogProps) {
  const { id, name } = entity;
  const t = useMessages();
  const { submit, isBusy, refused, failure } = useSubmission<Deletion>();
  const impact = useImpact(id, refused);
  const isInUse = impact !== 'loading' && impact !== null && impact.usedByCount > 0;
  const others = refused?.errors.filter(({ code }) => code !== 'IN_USE') ?? [];
  return (
    <Dialog
      title={isInUse ? t.directory.inUseTitle(name) : words.removeTitle(name)}
      role="alertdialog"
      size="sm"
      isBusy={isBusy}
      onClose={onClose}
      footer={
        isInUse ? (
          <Button autoFocus onPress={onClose}>
            {t.ui.close}
          </Button>
        ) : (
          <>
            <Button autoFocus onPress={onClose} isDisabled={isBusy}>
              {t.ui.cancel}
            </Button>
            <Button
              variant="danger"
              isBusy={isBusy}
              isDisabled={impact === 'loading'}
              onPress={() => void submit(id, () => remove(entity, connection, onRemoved))}
            >
              {failure === null ? words.remove : t.ui.tryAgain}
            </Button>
          </>
        )
      }
    >
      <FailureBanner failure={failure} />
      {others.length > 0 && (
        <Banner tone="warning" announced="alert">
          {others
            .map((error) => (error.code === 'STALE_VERSION' ? t.directory.staleRemove : sentenceOf(t, error)))
            .join(' ')}
        </Banner>
      )}
      {impact === 'loading' && <SkeletonText lines={2} />}
      {isInUse && (
        <>
          <p>{t.directory.inUseText(name)}</p>
          <UsesList impact={impact} />
        </>
      )}
      {impact !== 'loading' && !isInUse && <p>{words.removeText}</p>}
    </Dialog>
  );
}

/** Where it is used: read when the dialog opens, and again when the service has refused to delete it. */
function useImpact(id: string, refused: object | null): Impact | null | 'loading' {
  const environment = useRelayEnvironment();
  const [impact, setImpact] = useState<Impact | null | 'loading'>('loading');
  useEffect(() => {
    let isWanted = true;
    void readImpact(environment, id).then((read) => {
      if (isWanted) setImpact(read);
    });
    return () => {
      isWanted = false;
    };
  }, [environment, id, refused]);
  return impact;
}
