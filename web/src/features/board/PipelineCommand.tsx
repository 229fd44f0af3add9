import { useEffect, useEffectEvent } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../../app/routes';
import DeleteDialog from '../pipelines/DeleteDialog';
import { usePipelineCommands, type Seen } from '../pipelines/usePipelineCommands';

/** What is done with a pipeline as a whole. */
export type WholeCommand = 'duplicate' | 'export' | 'delete';

export interface PipelineCommandProps {
  command: WholeCommand;
  scenario: Seen;
  onEnd: () => void;
}

/** Carries out what was chosen in the menu of the pipeline, whose code few need. */
export default function PipelineCommand({ command, scenario, onEnd }: PipelineCommandProps) {
  const { duplicate, exportFile } = usePipelineCommands(null);
  const [, navigate] = useLocation();
  const run = useEffectEvent(() => {
    if (command === 'delete') return;
    void (command === 'duplicate' ? duplicate(scenario) : exportFile(scenario.id));
    onEnd();
  });
  useEffect(() => run(), []);
  if (command !== 'delete') return null;
  return (
    <DeleteDialog
      scenario={scenario}
      connection={null}
      onClose={onEnd}
      onDeleted={() => {
        onEnd();
        navigate(paths.pipelines());
      }}
    />
  );
}
