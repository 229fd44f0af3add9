import { memo } from 'react';
import { Button } from 'react-aria-components/Button';
import { useFragment } from 'react-relay/hooks';
import { Link } from 'wouter';
import { useFormat, useMessages } from '../../messages/Messages';
import { Avatar } from '../../ui/Avatar';
import { Icon } from '../../ui/Icon';
import { StepCheckbox, StepHandle } from './StepControls';
import { factsOf } from './stepFacts';
import { StepMenu } from './StepMenu';
import { StepProblemsMark } from './StepProblemsMark';
import { STEP_SUMMARY } from './stepSummary';
import type { stepSummary_step$key } from '../../relay/__generated__/stepSummary_step.graphql';
import { type ShownStep, useShownStep } from './useShownStep';
import './StepCard.css';

/** A step as a column of the board, with what it does as tiles in it. */
export function StepCard({ id }: { id: string }) {
  const shown = useShownStep(id);
  return shown && <Card {...shown} />;
}

const Card = memo(function Card({ step, around, href, problems, ...shown }: ShownStep) {
  const t = useMessages();
  const format = useFormat();
  const data = useFragment<stepSummary_step$key>(STEP_SUMMARY, step);
  const { id, name } = step;
  const { isOpen, isSelected, isFoundInTexts, readOnly, isBoard, actions } = shown;
  return (
    <>
      <div className="step-card">
        {readOnly === null && <StepHandle id={id} name={name} />}
        <span className="step-card-number">{format.number(around.position + 1)}</span>
        <StepCheckbox name={name} isSelected={isSelected} onToggle={() => actions.toggle(id)} />
        <StepMenu {...{ id, name, readOnly, isBoard, actions }} />
        {/* Enter on the step does the same; with a link it can be opened in another tab. */}
        <Link
          className="step-card-name"
          href={href}
          aria-current={isOpen ? 'true' : undefined}
          tabIndex={-1}
          draggable={false}
          translate="no"
        >
          {name}
        </Link>
        <ul className="step-card-tiles">
          {data.agent ? (
            <li className="step-card-fact step-card-agent" translate="no">
              <Avatar name={data.agent.name} isAgent size="sm" />
              {data.agent.name}
            </li>
          ) : (
            <li className="step-card-fact step-card-muted">
              <Icon name="agent" />
              {t.board.keepsAgent}
            </li>
          )}
          {factsOf(data, around, { t, format }).map((fact) => (
            <li
              key={fact.key}
              className={`step-card-fact step-card-${fact.key}`}
              translate={fact.isData ? 'no' : undefined}
            >
              <Icon name={fact.icon} />
              {fact.text}
            </li>
          ))}
          <Tags added={data.defaultTags ?? []} removed={data.defaultTagsToRemove ?? []} />
          {isFoundInTexts && (
            <li className="step-card-fact step-card-found">
              <Icon name="search" />
              {t.board.foundInTexts}
            </li>
          )}
        </ul>
        <StepProblemsMark problems={problems} />
      </div>
      {readOnly === null && (
        <Button
          className="step-card-add"
          aria-label={t.board.newStepAfter(name)}
          onPress={() => actions.create({ after: id })}
        />
      )}
    </>
  );
});

/** As many tags as have room in a column; the panel has all. */
const MAX_TAGS = 4;

function Tags({ added, removed }: { added: readonly string[]; removed: readonly string[] }) {
  const t = useMessages();
  const tags = [...added.map((tag) => `+${tag}`), ...removed.map((tag) => `−${tag}`)];
  if (tags.length === 0) return null;
  const rest = tags.length - MAX_TAGS;
  return (
    <li className="step-card-fact step-card-tags">
      <Icon name="tag" label={added.length > 0 ? t.board.tagsAdded : t.board.tagsRemoved} />
      {tags.slice(0, MAX_TAGS).map((tag) => (
        <span key={tag} className="step-card-tag" translate="no">
          {tag}
        </span>
      ))}
      {rest > 0 && <span className="step-card-more">{t.board.moreTags(rest)}</span>}
    </li>
  );
}
