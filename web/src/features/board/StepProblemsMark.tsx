import { useMessages } from '../../messages/Messages';
import type { StepProblems } from './problems';
import './StepProblemsMark.css';

/** How many problems a step has; the shape before the number says how serious the worst of them is. */
export function StepProblemsMark({ problems }: { problems: StepProblems | undefined }) {
  const t = useMessages();
  if (problems === undefined) return null;
  const { severity, codes } = problems;
  return (
    <span className={`step-problems step-problems-${severity.toLowerCase()}`}>
      {severity === 'INFO' ? t.board.notes(codes.length) : t.board.problems(codes.length)}
    </span>
  );
}
