import { useMemo } from 'react';
import { useSession } from '../../app/session';
import { sentenceOfFailure } from '../../messages/errors';
import { labelOfField } from '../../messages/labels';
import { useFormat, useMessages } from '../../messages/Messages';
import { toFieldErrors } from '../../rules/toFieldErrors';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { Summary, type SummaryItem } from '../../ui/Summary';
import { ConflictBox } from './ConflictBox';
import type { Problem } from './formStore';
import { placeOf } from './layout';
import { sentenceOfProblem } from './sentence';
import type { PanelState, StepModel } from './stepModel';
import { useForm } from './useField';
import type { Save } from './useSave';

export interface NoticesProps {
  model: StepModel;
  state: Extract<PanelState, { is: 'ready' }>;
  unanswered: Save['unanswered'];
  /** What is wrong, once saving was tried. */
  problems: readonly Problem[];
  /** Changes with each attempt to save. */
  attempt: number;
  /** The fields that have a place in the form. */
  fields: ReadonlySet<string>;
  onGo: (field: string) => void;
}

/** What is said above the fields: about the whole step. */
export function Notices({ model, state, unanswered, problems, attempt, fields, onGo }: NoticesProps) {
  const t = useMessages();
  const { isReadOnly } = useForm();
  const items = useSummary(problems, fields, onGo);
  return (
    <>
      {isReadOnly && (
        <Banner icon="lock" announced="none">
          {t.frame.readOnlyText}
        </Banner>
      )}
      {unanswered !== null && <Unanswered unanswered={unanswered} />}
      {state.conflict !== null && <ConflictBox model={model} conflict={state.conflict} />}
      <Meanwhile model={model} state={state} />
      {state.isKeptDraft && (
        <Banner
          announced="none"
          actions={
            <Button size="sm" onPress={() => model.discard()}>
              {t.step.discardDraft}
            </Button>
          }
        >
          {state.step === null ? t.step.newDraftFound : t.step.draftFound}
        </Banner>
      )}
      <Summary items={items} attempt={attempt} />
    </>
  );
}

/** Each problem, with a link to its field if it has one. */
function useSummary(problems: readonly Problem[], fields: ReadonlySet<string>, onGo: (field: string) => void) {
  const t = useMessages();
  return useMemo(() => {
    const { byField, others } = toFieldErrors(problems, fields);
    const item = (problem: Problem): SummaryItem => ({
      id: [...problem.field, problem.code].join(' '),
      sentence: sentenceOfProblem(t, problem),
    });
    const inOrder = [...byField].sort(([one], [other]) => placeOf(one) - placeOf(other));
    const linked = inOrder.flatMap(([field, ofField]) =>
      ofField.map((problem) => ({ ...item(problem), label: labelOfField(t, field), onGo: () => onGo(field) })),
    );
    return [...others.map(item), ...linked];
  }, [problems, fields, onGo, t]);
}

/** A save without an answer: sending it again does nothing twice. */
function Unanswered({ unanswered: { failure, again } }: { unanswered: NonNullable<Save['unanswered']> }) {
  const t = useMessages();
  const isOld = failure.kind === 'otherVersion';
  return (
    <Banner
      tone="danger"
      announced="alert"
      title={t.step.notSavedTitle}
      actions={
        isOld ? (
          <Button size="sm" onPress={() => window.location.reload()}>
            {t.ui.reload}
          </Button>
        ) : (
          <Button size="sm" onPress={() => void again()}>
            {t.ui.tryAgain}
          </Button>
        )
      }
    >
      {sentenceOfFailure(t, failure)}
      {failure.requestId !== undefined && (
        <p className="step-request">
          {t.ui.requestId} <code translate="no">{failure.requestId}</code>
          <CopyButton text={failure.requestId} />
        </p>
      )}
    </Banner>
  );
}

/** Somebody has saved while something is unsaved here. */
function Meanwhile({ model, state: { meanwhile } }: Pick<NoticesProps, 'model' | 'state'>) {
  const t = useMessages();
  const format = useFormat();
  const { viewer } = useSession();
  if (meanwhile === null) return null;
  const version = format.number(meanwhile.version);
  const by = meanwhile.changedBy;
  const isOwn = by === null || by.tokenId === viewer.tokenId;
  return (
    <Banner
      tone="warning"
      actions={
        <Button size="sm" onPress={() => model.merge(meanwhile)}>
          {t.step.mergeNow}
        </Button>
      }
    >
      {isOwn ? t.step.changedMeanwhileOwn(version) : t.step.changedMeanwhile(by.tokenName, version)}
    </Banner>
  );
}
