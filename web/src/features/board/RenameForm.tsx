import { useState } from 'react';
import { useSubmission } from '../../app/useSubmission';
import { sentenceOf, sentenceOfFailure } from '../../messages/errors';
import { useMessages } from '../../messages/Messages';
import type { mutationsRenameMutation } from '../../relay/__generated__/mutationsRenameMutation.graphql';
import { useInputRules } from '../../rules/useInputRules';
import { Button } from '../../ui/Button';
import { TextField } from '../../ui/TextField';
import { usePipelineCommands, type Seen } from '../pipelines/usePipelineCommands';

export interface RenameFormProps {
  /** As it is now: after somebody else's change, renaming again is on top of it. */
  scenario: Seen;
  onClose: () => void;
}

/** Changes the name of the pipeline where it stands. */
export default function RenameForm({ scenario, onClose }: RenameFormProps) {
  const t = useMessages();
  const { rename } = usePipelineCommands(null);
  const { fields } = useInputRules('UpdateCrmScenarioInput');
  const { submit, isBusy, refused, failure } = useSubmission<mutationsRenameMutation>();
  const [opened] = useState(scenario.name);
  const [name, setName] = useState(scenario.name);
  const max = fields.find(({ path }) => path.join() === 'name')?.maxLength ?? undefined;
  const errors = (refused?.input === name ? refused.errors : []).map((error) => {
    if (error.category !== 'CONFLICT') return sentenceOf(t, error);
    return scenario.name === opened ? t.pipelines.changedMeanwhile : t.pipelines.renamedMeanwhile(scenario.name);
  });
  return (
    <form
      className="pipeline-name-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === scenario.name) onClose();
        else if (!isBusy) void submit(name, () => rename(scenario, name, onClose));
      }}
    >
      <TextField
        label={t.pipelines.name}
        isLabelHidden
        autoFocus
        value={name}
        onChange={setName}
        max={max}
        isTrimmed
        error={failure === null ? errors : sentenceOfFailure(t, failure)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          onClose();
        }}
      />
      <Button type="submit" variant="primary" isBusy={isBusy}>
        {failure === null ? t.pipelines.renameAction : t.ui.tryAgain}
      </Button>
      <Button onPress={onClose} isDisabled={isBusy}>
        {t.ui.cancel}
      </Button>
    </form>
  );
}
