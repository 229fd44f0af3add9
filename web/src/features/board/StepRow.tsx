import { memo } from 'react';
import { useFragment } from 'react-relay/hooks';
import { Link } from 'wouter';
import { useFormat, useMessages } from '../../messages/Messages';
import type { stepSummary_step$key } from '../../relay/__generated__/stepSummary_step.graphql';
import { Avatar } from '../../ui/Avatar';
import { StepCheckbox, StepHandle } from './StepControls';
import { entryOf, setsOf, timerOf } from './stepFacts';
import { StepMenu } from './StepMenu';
import { StepProblemsMark } from './StepProblemsMark';
import { STEP_SUMMARY } from './stepSummary';
import { type ShownStep, useShownStep } from './useShownStep';
import './StepRow.css';

/** A step as a row of the list; in a narrow window as a small card. */
export function StepRow({ id }: { id: string }) {
  const shown = useShownStep(id);
  return shown && <Row {...shown} />;
}

const Row = memo(function Row({ step, around, href, problems, ...shown }: ShownStep) {
  const t = useMessages();
  const format = useFormat();
  const data = useFragment<stepSummary_step$key>(STEP_SUMMARY, step);
  const { id, name } = step;
  const { isOpen, isSelected, readOnly, isBoard, actions } = shown;
  const words = { t, format };
  const entry = entryOf(data, around, words);
  const tags = [
    ...(data.defaultTags ?? []).map((tag) => `+${tag}`),
    ...(data.defaultTagsToRemove ?? []).map((tag) => `−${tag}`),
  ];
  return (
    <div className="step-row">
      {readOnly === null && <StepHandle id={id} name={name} />}
      <StepCheckbox name={name} isSelected={isSelected} onToggle={() => actions.toggle(id)} />
      <span className="step-row-number">{format.number(around.position + 1)}</span>
      <Link
        className="step-row-name"
        href={href}
        aria-current={isOpen ? 'true' : undefined}
        tabIndex={-1}
        draggable={false}
        translate="no"
      >
        {name}
      </Link>
      {data.agent ? (
        <span className="step-row-agent" translate="no">
          <Avatar name={data.agent.name} isAgent size="sm" />
          {data.agent.name}
        </span>
      ) : (
        <span className="step-row-agent step-row-muted">{t.board.keepsAgent}</span>
      )}
      <span className="step-row-trigger" translate={entry?.isData ? 'no' : undefined}>
        {entry?.text}
      </span>
      <span className="step-row-timer">{timerOf(data, around, words)}</span>
      <span className="step-row-sets">{setsOf(data, words).join(' · ')}</span>
      <span className="step-row-tags" translate="no">
        {tags.join(', ')}
      </span>
      <StepProblemsMark problems={problems} />
      <StepMenu {...{ id, name, readOnly, isBoard, actions }} />
    </div>
  );
});

/** The headings of the columns. The rows say what they are about by themselves, in an order that is read well. */
export function StepRowHead() {
  const { columns } = useMessages().board;
  return (
    <div className="step-row step-row-head" aria-hidden="true">
      <span />
      <span />
      <span className="step-row-number">#</span>
      <span>{columns.step}</span>
      <span>{columns.agent}</span>
      <span>{columns.trigger}</span>
      <span>{columns.timer}</span>
      <span>{columns.sets}</span>
      <span>{columns.tags}</span>
      <span>{columns.problems}</span>
    </div>
  );
}
