import { useMessages } from '../../messages/Messages';
import type { StepProblems } from './problems';
import './StepProblemsMark.css';

/** How many problems a step has; the shape before the number says how serious the worst of them is. */
export function StepProblemsMark({ problems }: { problems: StepProblems | undefined }) {
  const t = useMessages();
  if (problems === undefined) return null;
  return (
    <span className={`step-problems step-problems-${problems.severity.toLowerCase()}`}>
      {t.board.problems(problems.codes.length)}
    </span>
  );
}
