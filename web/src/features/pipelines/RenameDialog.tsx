import { useState } from 'react';
import { useSubmission } from '../../app/useSubmission';
import { useMessages } from '../../messages/Messages';
import type { mutationsRenameMutation } from '../../relay/__generated__/mutationsRenameMutation.graphql';
import { Banner } from '../../ui/Banner';
import { NameDialog } from './NameDialog';
import { usePipelineCommands, type Seen } from './usePipelineCommands';

interface Props {
  /** As it is now: of somebody else's change it has the new version, so that renaming again is on top of it. */
  scenario: Seen;
  connection: string;
  onClose: () => void;
}

/** Gives a pipeline another name. */
export default function RenameDialog({ scenario, connection, onClose }: Props) {
  const t = useMessages();
  const { rename } = usePipelineCommands(connection);
  const [opened] = useState(scenario);
  const { submit, refused, ...submission } = useSubmission<mutationsRenameMutation>();
  const isConflict = refused?.errors.some(({ category }) => category === 'CONFLICT') ?? false;
  return (
    <NameDialog
      title={t.pipelines.renameTitle}
      action={t.pipelines.renameAction}
      rulesOf="UpdateCrmScenarioInput"
      initial={opened.name}
      refused={isConflict ? null : refused}
      {...submission}
      onName={(name) => void submit(name, () => rename(scenario, name, onClose))}
      onClose={onClose}
    >
      {isConflict && (
        <Banner tone="warning" announced="alert">
          {scenario.name === opened.name ? t.pipelines.changedMeanwhile : t.pipelines.renamedMeanwhile(scenario.name)}
        </Banner>
      )}
    </NameDialog>
  );
}
