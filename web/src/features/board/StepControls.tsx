import { Button } from 'react-aria-components/Button';
import { useMessages } from '../../messages/Messages';
import { useTouchHandle } from './useTouchDrag';
import './StepControls.css';

/**
 * The handle of a step: Enter begins to move it by arrow keys, a finger drags it. A mouse drags anywhere on the step.
 * Its dots are no element: of what each step has, every element counts, because many steps are on the screen.
 */
export function StepHandle({ id, name }: { id: string; name: string }) {
  const t = useMessages();
  const touch = useTouchHandle(id);
  return (
    <span className="step-handle" {...touch}>
      <Button slot="drag" aria-label={t.board.dragStep(name)} />
    </span>
  );
}

/** Selects a step, to do something with several. */
export function StepCheckbox(props: { name: string; isSelected: boolean; onToggle: () => void }) {
  const t = useMessages();
  const { name, isSelected, onToggle } = props;
  return (
    <input
      type="checkbox"
      className="step-checkbox"
      aria-label={t.board.select(name)}
      checked={isSelected}
      onChange={onToggle}
    />
  );
}
