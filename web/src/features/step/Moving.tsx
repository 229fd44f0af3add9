import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { cannotChange } from '../../ui/Field';
import { Picker } from '../../ui/Picker';
import { TextField } from '../../ui/TextField';
import { FieldPlace, NO_DESCRIPTION, ReferenceOf, withUnknown } from './controls';
import { useStepsOf } from './search';
import { inputValue } from './stored';
import { useDraft, useField, useForm } from './useField';

/** Seconds have no unit in the API. */
const SECONDS = 's';
const SECONDS_OF: Readonly<Record<string, number>> = { [SECONDS]: 1, m: 60, h: 3_600, d: 86_400 };
/** From this number on another unit is easier to read. */
const HARD_TO_READ: Readonly<Record<string, number>> = { [SECONDS]: 1, m: 60, h: 72 };

/** The timer of a step: how long, and where to. */
export function Moving({ scenarioId, stepId }: { scenarioId: string; stepId: string }) {
  const t = useMessages();
  const { store } = useForm();
  const steps = useStepsOf(scenarioId, stepId);
  const { values, usualUnit } = useDraft();
  const time = useField('autoNextTime');
  const unit = useField('autoNextTimeUnit');
  const isEmpty = time.value.trim() === '';
  // Without a time it is the unit that one will get.
  const shown = unit.value ?? (isEmpty ? usualUnit : null) ?? SECONDS;
  const units = { [SECONDS]: t.values.seconds, ...t.values.timeUnit };
  const items = Object.entries(units).map(([id, label]) => ({ id, label }));
  const isThere = !isEmpty || unit.value !== null || values.autoNextStepId !== null;
  return (
    <>
      <p className="step-note">{time.props.description}</p>
      <div className="step-timer">
        <FieldPlace field="autoNextTime" className="step-timer-time">
          <TextField {...time.props} {...NO_DESCRIPTION} value={time.value} onChange={time.set} inputMode="numeric" />
        </FieldPlace>
        <FieldPlace field="autoNextTimeUnit" className="step-timer-unit">
          <Picker
            {...unit.props}
            // The reason stands at the time.
            disabledReason={undefined}
            isDisabled={cannotChange(unit.props)}
            items={withUnknown(items, unit.value)}
            value={shown}
            onChange={(id) => unit.set(id === SECONDS ? null : id)}
          />
        </FieldPlace>
        {isThere && !cannotChange(time.props) && (
          <div className="step-timer-end">
            <Button variant="quiet" onPress={() => store.dispatch({ type: 'removeTimer' })}>
              {t.step.removeTimer}
            </Button>
          </div>
        )}
      </div>
      <Duration />
      <ReferenceOf field="autoNextStepId" load={steps} placeholder={t.step.followingStep} />
    </>
  );
}

/** The time in larger units, if its number is hard to read. */
function Duration() {
  const t = useMessages();
  const format = useFormat();
  const { values } = useDraft();
  const time = inputValue('autoNextTime', values);
  const unit = values.autoNextTimeUnit ?? SECONDS;
  const seconds = typeof time === 'number' ? time * (SECONDS_OF[unit] ?? Number.NaN) : Number.NaN;
  if (typeof time !== 'number' || time < (HARD_TO_READ[unit] ?? Infinity) || !Number.isSafeInteger(seconds))
    return null;
  return <p className="step-note">{t.step.timerIs(format.durationInWords(seconds))}</p>;
}
