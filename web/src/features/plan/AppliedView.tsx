import { useEffect, useRef, useState } from 'react';
import { paths } from '../../app/routes';
import { useMessages } from '../../messages/Messages';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { LinkButton } from '../../ui/LinkButton';
import type { Applied, UndoProblem } from './useApply';

export interface AppliedViewProps {
  applied: Applied;
  undo: (applied: Applied) => Promise<UndoProblem>;
  isBusy: boolean;
  /** Begins with another file. */
  onAnother: () => void;
}

/** Says that a file was applied, leads to the pipeline and takes it back. */
export function AppliedView({ applied, undo, isBusy, onAnother }: AppliedViewProps) {
  const t = useMessages();
  const [outcome, setOutcome] = useState<{ problem: UndoProblem } | null>(null);
  const { id, name, undoing } = applied;
  const view = useRef<HTMLElement>(null);
  // What had the focus has gone with the plan.
  useEffect(() => view.current?.focus(), []);
  const isUndone = outcome !== null && outcome.problem === null;
  const isThere = !(isUndone && undoing?.kind === 'delete');
  const run = async () => setOutcome({ problem: await undo(applied) });
  return (
    <section ref={view} tabIndex={-1} className="plan-applied" aria-label={t.plan.resultLabel}>
      <Banner tone="success" title={isUndone ? t.plan.undone(name) : t.plan.applied(name)}>
        {undoing?.kind === 'apply' && undoing.hasLostHeaders ? t.plan.undoHeaders : undefined}
      </Banner>
      {outcome?.problem != null && (
        <Banner tone="danger" announced="alert">
          {outcome.problem}
        </Banner>
      )}
      <div className="plan-applied-actions">
        {isThere && (
          <LinkButton variant="primary" href={paths.pipeline(id)}>
            {t.plan.open}
          </LinkButton>
        )}
        {undoing !== null && !isUndone && (
          <Button icon="undo" isBusy={isBusy} onPress={() => void run()}>
            {t.undo.undo}
          </Button>
        )}
        <Button onPress={onAnother}>{t.plan.another}</Button>
      </div>
    </section>
  );
}
