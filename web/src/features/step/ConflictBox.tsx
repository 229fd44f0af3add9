import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { useEffect, useRef } from 'react';
import { useSession } from '../../app/session';
import { labelOfField } from '../../messages/labels';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { fieldsInWords, valueInWords } from './describe';
import { isDirty, type Names } from './draft';
import type { Group } from './merge';
import type { Conflict, StepModel } from './stepModel';
import { isSame } from './stored';
import { useDraft } from './useField';
import type { StepValues } from './values';
import './ConflictBox.css';

/** Somebody saved first: what was merged by itself, and what is to be chosen. */
export function ConflictBox({ model, conflict }: { model: StepModel; conflict: Conflict }) {
  const t = useMessages();
  const format = useFormat();
  const { viewer } = useSession();
  const draft = useDraft();
  const box = useRef<HTMLDivElement>(null);
  const { theirs, from, taken, conflicts, uncompared, aside } = conflict;
  // It is read as soon as it appears.
  useEffect(() => box.current?.focus(), [theirs]);
  const [present, former] = [format.number(theirs.version), format.number(from)];
  const by = theirs.changedBy;
  const isOwn = by === null || by.tokenId === viewer.tokenId;
  const title = isOwn ? t.step.conflictTitleOwn(present) : t.step.conflictTitle(by.tokenName, present, former);
  return (
    <div className="conflict" ref={box} role="group" aria-label={title} tabIndex={-1}>
      <p className="conflict-title">
        <Icon name="alert" />
        {title}
      </p>
      {taken.length > 0 && <p>{t.step.mergedByItself(fieldsInWords(t, format, taken.flat()))}</p>}
      {uncompared.length > 0 && <p>{t.step.notCompared(fieldsInWords(t, format, uncompared))}</p>}
      {conflicts.length > 0 && aside === null && (
        <>
          <p>{t.step.chooseTitle}</p>
          {conflicts.map((group) => (
            <Choice
              key={group.join()}
              group={group}
              mine={conflict.mine}
              theirs={draft.base}
              chosen={draft.values}
              names={draft.names}
              onChoose={(side) => model.choose(group, side)}
            />
          ))}
        </>
      )}
      {aside === null && !isDirty(draft) && <p>{t.step.nothingDiffers}</p>}
      <div className="conflict-actions">
        {aside === null ? (
          isDirty(draft) && <Button onPress={() => model.showTheirs(true)}>{t.step.showTheirs}</Button>
        ) : (
          <Button onPress={() => model.showTheirs(false)}>{t.step.showMine}</Button>
        )}
      </div>
    </div>
  );
}

const SIDES = ['mine', 'theirs'] as const;

function Choice({
  group,
  mine,
  theirs,
  chosen,
  names,
  onChoose,
}: {
  group: Group;
  mine: StepValues;
  theirs: StepValues;
  chosen: StepValues;
  names: Names;
  onChoose: (side: 'mine' | 'theirs') => void;
}) {
  const t = useMessages();
  const format = useFormat();
  const values = { mine, theirs };
  const label = fieldsInWords(t, format, group);
  // What was typed since is neither.
  const side = SIDES.find((one) => group.every((field) => isSame(field, chosen, values[one])));
  return (
    <RadioGroup
      className="conflict-choice"
      aria-label={label}
      value={side ?? null}
      onChange={(value) => onChoose(value === 'theirs' ? 'theirs' : 'mine')}
    >
      <span className="conflict-label">{label}</span>
      <div className="conflict-sides">
        {SIDES.map((one) => (
          <Radio key={one} value={one} className="conflict-side">
            <span className="conflict-side-name">{t.step[one]}</span>
            {group.map((field) => (
              <span key={field} className="conflict-value" translate="no">
                {group.length > 1 && <span className="conflict-field">{`${labelOfField(t, field)}: `}</span>}
                {valueInWords(t, format, field, values[one], names)}
              </span>
            ))}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
