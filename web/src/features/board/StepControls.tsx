import { Button } from 'react-aria-components/Button';
import { useMessages } from '../../messages/Messages';
import { usePipeline } from './pipelineContext';
import { useTouchHandle } from './useTouchDrag';
import './StepControls.css';

/**
 * The handle of a step: Enter begins to move it by arrow keys, a finger drags it. A mouse drags anywhere on the step.
 * Its dots are no element: of what each step has, every element counts, because many steps are on the screen.
 */
export function StepHandle({ id, name }: { id: string; name: string }) {
  const t = useMessages();
  const { readOnly } = usePipeline();
  const touch = useTouchHandle(id);
  if (readOnly !== null) return null;
  return (
    <span className="step-handle" {...touch}>
      <Button slot="drag" aria-label={t.board.dragStep(name)} />
    </span>
  );
}

/** Selects a step, to do something with several. */
export function StepCheckbox({ id, name }: { id: string; name: string }) {
  const t = useMessages();
  const { selected, actions } = usePipeline();
  return (
    <input
      type="checkbox"
      className="step-checkbox"
      aria-label={t.board.select(name)}
      checked={selected.has(id)}
      onChange={() => actions.toggle(id)}
    />
  );
}
