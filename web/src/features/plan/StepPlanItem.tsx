import { useState } from 'react';
import { labelOfField } from '../../messages/labels';
import { useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Differences, FieldDifference } from '../../ui/difference/FieldDifference';
import { wordsOf } from '../../ui/difference/labels';
import { Tag, type Tone } from '../../ui/Tag';
import type { StepPlan } from './planning';
import { onlyGetsKey } from './planSteps';

const TONES: Record<string, Tone> = { CREATE: 'success', UPDATE: 'accent', DELETE: 'danger' };

/** What a plan does with a step. The fields of a whole step are folded; those that change are not. */
export function StepPlanItem({ step }: { step: StepPlan }) {
  const t = useMessages();
  const { action, key, name, fields } = step;
  const isChanged = action === 'UPDATE' || action === 'UNCHANGED';
  const [isOpen, setOpen] = useState(isChanged);
  // The key and the name of a whole step are said above.
  const told = isChanged ? fields : fields.filter((field) => field.name !== 'key' && field.name !== 'name');
  return (
    <li className="step-plan">
      <p className="step-plan-head">
        {onlyGetsKey(step) ? (
          <Tag>{t.plan.getsKey}</Tag>
        ) : (
          <Tag tone={TONES[action] ?? 'neutral'}>
            {t.plan.action[action === '%future added value' ? 'UNCHANGED' : action]}
          </Tag>
        )}
        <strong translate="no">{name}</strong>
        <code translate="no">{key}</code>
        <span className="step-plan-place">{placeOf(step, t.plan)}</span>
      </p>
      {!isChanged && told.length > 0 && (
        <Button
          size="sm"
          variant="quiet"
          icon={isOpen ? 'chevronDown' : 'chevronRight'}
          aria-expanded={isOpen}
          onPress={() => setOpen(!isOpen)}
        >
          {isOpen ? t.plan.hideFields : t.plan.showFields(told.length)}
        </Button>
      )}
      {isOpen && told.length > 0 && (
        <Differences>
          {told.map((field) => (
            <FieldDifference
              key={field.name}
              label={labelOfField(t, field.name)}
              before={field.before}
              after={field.after}
              words={wordsOf(t, field.name)}
              note={field.name === 'webhookHeader' ? t.difference.headerValues : undefined}
            />
          ))}
        </Differences>
      )}
    </li>
  );
}

interface PlaceWords {
  atPlace: (place: number) => string;
  wasAt: (place: number) => string;
  fromTo: (before: number, after: number) => string;
}

/** Where the step comes to or was. People count from 1. */
function placeOf({ action, isMoved, indexBefore, indexAfter }: StepPlan, words: PlaceWords): string {
  if (action === 'CREATE') return indexAfter == null ? '' : words.atPlace(indexAfter + 1);
  if (action === 'DELETE') return indexBefore == null ? '' : words.wasAt(indexBefore + 1);
  return isMoved && indexBefore != null && indexAfter != null ? words.fromTo(indexBefore + 1, indexAfter + 1) : '';
}
