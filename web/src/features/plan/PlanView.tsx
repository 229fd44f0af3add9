import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useSession } from '../../app/session';
import type { Messages } from '../../messages/en';
import { labelOfField } from '../../messages/labels';
import { useFormat, useMessages } from '../../messages/Messages';
import { announce } from '../../ui/announce';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Differences, FieldDifference } from '../../ui/difference/FieldDifference';
import { EmptyState } from '../../ui/EmptyState';
import { Tag, type Tone } from '../../ui/Tag';
import { Diagnostics } from './Diagnostics';
import type { Plan } from './planning';
import { changedSteps, COUNTS, countsOf, deletedSteps } from './planSteps';
import { StepPlanItem } from './StepPlanItem';
import type { Planned, Source } from './usePlan';
import './PlanView.css';

const ConfirmDeletion = lazy(() => import('./ConfirmDeletion'));

export interface PlanViewProps {
  planned: Planned;
  source: Source;
  isBusy: boolean;
  onApply: (planned: Planned) => Promise<void>;
}

/** So many steps are shown at first: a list of all that a large file creates takes long to draw. */
const STEPS_SHOWN = 50;

/** What a file would change, in words and field by field, and the button that does it. */
export function PlanView({ planned, source, isBusy, onApply }: PlanViewProps) {
  const { plan, diagnostics } = planned;
  const t = useMessages();
  const [shown, setShown] = useState(STEPS_SHOWN);
  const steps = changedSteps(plan);
  const view = useRef<HTMLElement>(null);
  const summary = summaryOf(t, planned);
  useEffect(() => {
    announce(summary);
    // Where the plan is below the file, it would not be seen.
    view.current?.scrollIntoView({ block: 'nearest' });
  }, [planned, summary]);
  return (
    <section ref={view} className="plan-view" aria-label={t.plan.resultLabel}>
      <Notices planned={planned} source={source} />
      {plan.isEmpty ? (
        <EmptyState icon="check" title={t.plan.nothing}>
          {t.plan.nothingText}
        </EmptyState>
      ) : (
        <>
          <header className="plan-view-head">
            <h2>{headlineOf(t, planned)}</h2>
            <Counts plan={plan} />
          </header>
          <ApplyBar planned={planned} source={source} isBusy={isBusy} onApply={onApply} />
          {plan.fields.length > 0 && (
            <section className="plan-view-part">
              <h3>{t.plan.pipelineFields}</h3>
              <Differences>
                {plan.fields.map(({ name: field, before, after }) => (
                  <FieldDifference key={field} label={labelOfField(t, field)} before={before} after={after} />
                ))}
              </Differences>
            </section>
          )}
          {steps.length > 0 && (
            <section className="plan-view-part">
              <h3>{t.plan.stepsLabel}</h3>
              <ol className="plan-view-steps">
                {steps.slice(0, shown).map((step) => (
                  <StepPlanItem key={`${step.action} ${step.key}`} step={step} />
                ))}
              </ol>
              {steps.length > shown && (
                <Button onPress={() => setShown(steps.length)}>{t.plan.showAll(steps.length)}</Button>
              )}
            </section>
          )}
        </>
      )}
      <Diagnostics diagnostics={diagnostics} />
    </section>
  );
}

function headlineOf(t: Messages, { plan, input }: Planned): string {
  return plan.action === 'CREATE' ? t.plan.creates(input.name) : t.plan.changes(input.name);
}

/** What the plan says, for those who do not see it. */
function summaryOf(t: Messages, planned: Planned): string {
  const { plan } = planned;
  if (plan.isEmpty) return `${t.plan.nothing}. ${t.plan.nothingText}`;
  const numbers = countsOf(plan);
  const counts = COUNTS.filter((count) => numbers[count] > 0).map((count) => t.plan.counts[count](numbers[count]));
  return [headlineOf(t, planned), ...counts].join(' ');
}

function Notices({ planned, source }: Pick<PlanViewProps, 'planned' | 'source'>) {
  const t = useMessages();
  const { input, keyOfName, isNameless, isAnew } = planned;
  return (
    <>
      {isAnew && (
        <Banner tone="warning" announced="alert">
          {t.plan.stale(input.name)}
        </Banner>
      )}
      {source.text !== planned.text && <Banner tone="warning">{t.plan.changedSince}</Banner>}
      {isNameless && <Banner announced="none">{t.plan.noKey}</Banner>}
      {keyOfName !== null && <Banner announced="none">{t.plan.keyOfName(keyOfName)}</Banner>}
    </>
  );
}

const TONES: Record<(typeof COUNTS)[number], Tone> = {
  created: 'success',
  updated: 'accent',
  keyed: 'neutral',
  moved: 'neutral',
  deleted: 'danger',
  unchanged: 'neutral',
};

function Counts({ plan }: { plan: Plan }) {
  const t = useMessages();
  const numbers = countsOf(plan);
  return (
    <ul className="plan-view-counts">
      {COUNTS.filter((count) => numbers[count] > 0).map((count) => (
        <li key={count}>
          <Tag tone={TONES[count]}>{t.plan.counts[count](numbers[count])}</Tag>
        </li>
      ))}
    </ul>
  );
}

/** Applies a plan of the present text; one that deletes steps asks first. */
function ApplyBar({ planned, source, isBusy, onApply }: PlanViewProps) {
  const t = useMessages();
  const format = useFormat();
  const { can } = useSession();
  const [isAsking, setAsking] = useState(false);
  const deleted = deletedSteps(planned.plan);
  const reason = !can.write ? t.frame.readOnlyReason : source.text === planned.text ? undefined : t.plan.changedSince;
  const confirm = async () => {
    await onApply(planned);
    setAsking(false);
  };
  return (
    <div className="plan-view-apply">
      <Button
        variant={deleted.length > 0 ? 'danger' : 'primary'}
        isBusy={isBusy}
        isDisabled={reason !== undefined}
        disabledReason={reason}
        onPress={() => (deleted.length > 0 ? setAsking(true) : void onApply(planned))}
      >
        {t.plan.apply}
      </Button>
      {deleted.length > 0 && <p>{t.plan.deletes(format.list(deleted.map(({ name }) => name)))}</p>}
      {isAsking && (
        <Suspense>
          <ConfirmDeletion
            steps={deleted}
            isBusy={isBusy}
            onConfirm={() => void confirm()}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
