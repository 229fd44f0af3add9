import { useLocation } from 'wouter';
import { paths } from '../../app/routes';
import { useSubmission } from '../../app/useSubmission';
import { useMessages } from '../../messages/Messages';
import type { mutationsCreateMutation } from '../../relay/__generated__/mutationsCreateMutation.graphql';
import { NameDialog } from './NameDialog';
import { usePipelineCommands } from './usePipelineCommands';

/** Makes a pipeline, and opens it. */
export default function CreateDialog({ onClose }: { onClose: () => void }) {
  const t = useMessages();
  const [, navigate] = useLocation();
  // The list is read anew when the person comes back to it.
  const { create } = usePipelineCommands(null);
  const { submit, ...submission } = useSubmission<mutationsCreateMutation>();
  return (
    <NameDialog
      title={t.pipelines.createTitle}
      action={t.pipelines.createAction}
      rulesOf="CreateCrmScenarioInput"
      initial=""
      {...submission}
      onName={(name) => void submit(name, () => create(name, (id) => navigate(paths.pipeline(id))))}
      onClose={onClose}
    />
  );
}
