import { FailureBanner } from '../../app/FailureBanner';
import { useSubmission } from '../../app/useSubmission';
import { sentenceOf } from '../../messages/errors';
import { useFormat, useMessages } from '../../messages/Messages';
import type { mutationsDeleteMutation } from '../../relay/__generated__/mutationsDeleteMutation.graphql';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { usePipelineCommands, type Seen } from './usePipelineCommands';

interface Props {
  scenario: Seen;
  /** Of the list that has it; null on a page without one. */
  connection: string | null;
  onClose: () => void;
  /** What follows, where that is more than that it leaves the list. */
  onDeleted?: () => void;
}

/** Asks before a pipeline is deleted, and says how many steps go with it. */
export default function DeleteDialog({ scenario, connection, onClose, onDeleted }: Props) {
  const t = useMessages();
  const format = useFormat();
  const { remove } = usePipelineCommands(connection);
  const { submit, isBusy, refused, failure } = useSubmission<mutationsDeleteMutation>();
  const { name, stepCount } = scenario;
  const count = format.number(stepCount);
  const isConflict = refused?.errors.some(({ category }) => category === 'CONFLICT') ?? false;
  return (
    <Dialog
      title={t.pipelines.deleteTitle(name)}
      role="alertdialog"
      size="sm"
      isBusy={isBusy}
      onClose={onClose}
      footer={
        <>
          {/* What changes nothing has the focus first. */}
          <Button autoFocus onPress={onClose} isDisabled={isBusy}>
            {t.ui.cancel}
          </Button>
          <Button variant="danger" isBusy={isBusy} onPress={() => void submit('', () => remove(scenario, onDeleted))}>
            {failure === null ? t.pipelines.deleteAction(stepCount, count) : t.ui.tryAgain}
          </Button>
        </>
      }
    >
      <FailureBanner failure={failure} />
      {refused !== null && (
        <Banner tone="warning" announced="alert">
          {isConflict ? t.pipelines.deleteChanged : refused.errors.map((error) => sentenceOf(t, error)).join(' ')}
        </Banner>
      )}
      <p>{t.pipelines.deleteText(stepCount, count)}</p>
    </Dialog>
  );
}
