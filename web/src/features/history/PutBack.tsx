import { lazy, Suspense, useState } from 'react';
import { useSession } from '../../app/session';
import { useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import type { Outcome, Target } from './outcome';
import { putBackOf, type FieldValues } from './putBack';
import { useMoveBack } from './useMoveBack';
import { useRestore } from './useRestore';
import { useValuesBack } from './useValuesBack';
import './PutBack.css';

const PutBackDialog = lazy(() => import('./PutBackDialog'));

/** The parts of a change that putting back needs. */
export interface Changed {
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly scenarioId: string | null | undefined;
  readonly crmScenario: object | null | undefined;
  readonly subject: object | null | undefined;
  readonly fields: readonly FieldValues[];
}

export interface PutBackProps {
  change: Changed;
  /** What the changed thing is called. */
  thing: string;
  /** The id of the sentence that says what was done. */
  describedBy: string;
  onPutBack: () => void;
}

type Asked = Extract<Outcome, { is: 'ask' }>;

/** The button that puts a change back, and what came of it where it did not just happen. */
export function PutBack({ change, thing, describedBy, onPutBack }: PutBackProps) {
  const t = useMessages();
  const { can } = useSession();
  const [isBusy, setBusy] = useState(false);
  const [told, setTold] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState<Asked | null>(null);
  const valuesBack = useValuesBack();
  const moveBack = useMoveBack();
  const scenarioId = change.scenarioId ?? change.subjectId;
  const restore = useRestore(scenarioId);

  const way = putBackOf({ ...change, isThere: change.subject != null, isScenarioThere: change.crmScenario != null });
  if (way.kind === 'none') {
    if (way.reason === 'created') return null;
    return <p className="put-back-note">{t.history.none[way.reason]}</p>;
  }

  const target: Target = {
    subjectId: change.subjectId,
    isStep: change.subjectType === 'CRM_STEP',
    scenarioId,
    thing,
  };
  const start = (): Promise<Outcome> => {
    switch (way.kind) {
      case 'update':
        return valuesBack(target, change, way.fields);
      case 'move':
        return moveBack(target, way.index);
      case 'restore':
        return restore(target);
    }
  };
  const run = async (act: () => Promise<Outcome>): Promise<void> => {
    setBusy(true);
    setTold([]);
    const outcome = await act();
    setBusy(false);
    setAsked(outcome.is === 'ask' ? outcome : null);
    if (outcome.is === 'told') setTold(outcome.sentences);
    if (outcome.is === 'done') onPutBack();
  };
  const isRestore = way.kind === 'restore';

  return (
    <div className="put-back">
      <Button
        size="sm"
        icon={isRestore ? 'restore' : 'undo'}
        isBusy={isBusy}
        isDisabled={!can.write}
        disabledReason={can.write ? undefined : t.frame.readOnlyReason}
        aria-describedby={describedBy}
        onPress={() => void run(start)}
      >
        {isRestore ? t.history.restore : t.history.putBack}
      </Button>
      {way.kind === 'update' && way.hasHeaders && <p className="put-back-note">{t.history.headersStay}</p>}
      {told.length > 0 && (
        <div className="put-back-told" role="alert">
          <Icon name="alert" />
          <ul>
            {told.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      {asked !== null && (
        <Suspense>
          <PutBackDialog
            thing={thing}
            fields={asked.fields}
            onConfirm={() => run(asked.go)}
            onClose={() => setAsked(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
