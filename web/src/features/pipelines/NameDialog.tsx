import { useId, useState, type ReactNode } from 'react';
import { FailureBanner } from '../../app/FailureBanner';
import type { UserErrorData } from '../../app/useCommand';
import { sentenceOf } from '../../messages/errors';
import { useMessages } from '../../messages/Messages';
import type { RequestFailed } from '../../relay/errors';
import { evaluate } from '../../rules/evaluate';
import { useInputRules } from '../../rules/useInputRules';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextField } from '../../ui/TextField';

interface Props {
  title: string;
  action: string;
  /** The input of the mutation whose rules hold for the name. */
  rulesOf: 'CreateCrmScenarioInput' | 'UpdateCrmScenarioInput';
  initial: string;
  /** What the service rejected about a name. */
  refused: { input: string; errors: readonly UserErrorData[] } | null;
  failure: RequestFailed | null;
  isBusy: boolean;
  onName: (name: string) => void;
  onClose: () => void;
  /** Above the field. */
  children?: ReactNode;
}

/** Asks for the name of a pipeline. What the service would reject is said before it is sent. */
export function NameDialog(props: Props) {
  const { title, action, rulesOf, initial, refused, failure, isBusy, onName, onClose, children } = props;
  const t = useMessages();
  const rules = useInputRules(rulesOf);
  const [name, setName] = useState(initial);
  const [tried, setTried] = useState<string | null>(null);
  const formId = useId();
  const found = evaluate(rules, { name }, new Set(['name']));
  const max = rules.fields.find(({ path }) => path.join() === 'name')?.maxLength ?? undefined;
  // An error is about what was sent, and goes when that is changed.
  const ofRules =
    tried === name ? found.map((violation) => ({ ...violation, field: violation.path, message: '' })) : [];
  const ofService = refused?.input === name ? refused.errors : [];
  return (
    <Dialog
      title={title}
      size="sm"
      isBusy={isBusy}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose} isDisabled={isBusy}>
            {t.ui.cancel}
          </Button>
          <Button type="submit" form={formId} variant="primary" isBusy={isBusy}>
            {failure === null ? action : t.ui.tryAgain}
          </Button>
        </>
      }
    >
      <FailureBanner failure={failure} />
      {children}
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(name);
          if (found.length === 0 && !isBusy) onName(name);
        }}
      >
        <TextField
          label={t.pipelines.name}
          autoFocus
          isRequired
          max={max}
          isTrimmed
          value={name}
          onChange={setName}
          error={[...ofRules, ...ofService].map((error) => sentenceOf(t, error))}
        />
      </form>
    </Dialog>
  );
}
