import { use, useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { useSession } from '../../app/session';
import { useShortcut } from '../../app/shortcuts';
import { useFormat, useMessages } from '../../messages/Messages';
import type { CrmStepPlacement } from '../../relay/__generated__/stepMutationsCreateMutation.graphql';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { Pane } from '../../ui/Pane';
import { Panel } from '../../ui/Panel';
import { Skeleton } from '../../ui/Skeleton';
import { showToast } from '../../ui/toasts';
import { Gone } from './Gone';
import { SaveState } from './SaveState';
import { StepForm, type Opened } from './StepForm';
import { StepMenu } from './StepMenu';
import { NEW, StepModel } from './stepModel';
import { useSave } from './useSave';
import './StepPanel.css';

export interface StepPanelProps {
  scenarioId: string;
  /** The id of the step, or `new`. */
  stepId: string;
  /** Where a new step comes; without it at the end. */
  placement?: CrmStepPlacement | undefined;
  /** The place of the step among those that the page shows, from 1; undefined if it is not among them. */
  position?: { readonly at: number; readonly of: number } | undefined;
  /** The field that has the focus once it is there; another object moves it again. */
  goTo?: { readonly field: string } | undefined;
  /** Called once that field has the focus. Without `goTo` from then on, a panel that is drawn anew leaves it there. */
  onReached?: (() => void) | undefined;
  /** Closes the panel, and gives the focus back to the step. What is not saved is kept in the tab. */
  onClose: () => void;
  /** A step was created, by this form or as a copy: the page opens it. */
  onCreated: (id: string) => void;
}

/** A step: all of its fields, what is wrong with it, and what was changed. */
export default function StepPanel(props: StepPanelProps) {
  // Another step has another form.
  return <PanelOfStep key={`${props.scenarioId} ${props.stepId}`} {...props} />;
}

function PanelOfStep({ scenarioId, stepId, placement, position, goTo, onReached, onClose, onCreated }: StepPanelProps) {
  const t = useMessages();
  const format = useFormat();
  const { can, viewer } = useSession();
  const environment = useRelayEnvironment();
  const [model] = useState(() => new StepModel(environment, scenarioId, stepId));
  const state = useSyncExternalStore(model.subscribe, () => model.state);
  const isDirty = useSyncExternalStore(model.subscribeToDraft, () => model.isDirty);
  const saving = useSave({ model, scenarioId, placement, onCreated });
  const [attempt, setAttempt] = useState(0);
  const [isDiscarding, setDiscarding] = useState(false);
  const panel = useRef<HTMLElement>(null);
  const opened = useRef<Opened>(null);
  useEffect(() => model.start(), [model]);
  useListed(model, position !== undefined);

  const ready = state.is === 'ready' ? state : null;
  const name = ready?.step?.values.name ?? '';
  const isNew = stepId === NEW;
  const readOnlyReason = can.write ? undefined : t.step.readOnly;
  const shownOf = ready?.shownOf ?? null;
  useEffect(() => {
    if (shownOf !== null && shownOf.tokenId !== viewer.tokenId) showToast({ text: t.step.nowShown(shownOf.tokenName) });
  }, [shownOf, t, viewer.tokenId]);

  const close = () => {
    if (isDirty) showToast({ text: isNew ? t.step.newKeptInTab : t.step.keptInTab(name) });
    onClose();
  };
  const save = () => {
    if (ready === null || readOnlyReason !== undefined || saving.isBusy) return;
    takeWhatIsTyped(panel.current);
    if (!isNew && !model.isDirty) return announce(t.step.savedAll);
    saving.save(ready.store);
    setAttempt((count) => count + 1);
  };
  const title = isNew
    ? t.step.newTitle
    : position === undefined || name === ''
      ? name || t.step.panel
      : t.step.titleAt(format.number(position.at), format.number(position.of), name);

  return (
    <Panel
      ref={panel}
      className="step-panel"
      title={title}
      onClose={close}
      headEnd={
        ready !== null && (
          <>
            <SaveState isBusy={saving.isBusy} isDirty={isDirty} isSaved={ready.isSaved} />
            {ready.step !== null && (
              <StepMenu
                scenarioId={scenarioId}
                step={ready.step}
                isDirty={isDirty}
                readOnlyReason={readOnlyReason}
                onCreated={onCreated}
                onDeleted={onClose}
              />
            )}
          </>
        )
      }
      footer={
        ready === null ? undefined : (
          <>
            <Button onPress={() => (isDirty ? setDiscarding(true) : onClose())}>{t.step.cancel}</Button>
            <Button
              variant="primary"
              shortcut="mod+s"
              onPress={save}
              isBusy={saving.isBusy}
              isDisabled={readOnlyReason !== undefined || (!isNew && !isDirty)}
              disabledReason={readOnlyReason ?? t.step.nothingToSave}
            >
              {isNew ? t.step.create : ready.conflict === null ? t.step.save : t.step.saveMerged}
            </Button>
          </>
        )
      }
    >
      <SaveKey label={t.step.save} onSave={save} isEnabled={ready !== null && readOnlyReason === undefined} />
      <Pane label={t.step.loading} skeleton={<FormSkeleton />} onRetry={model.reload}>
        <Settled model={model} />
        {state.is === 'gone' && (
          <Gone scenarioId={scenarioId} stepId={stepId} hasDraft={state.hasDraft} onRestored={model.reload} />
        )}
        {ready !== null && (
          <StepForm
            model={model}
            state={ready}
            scenarioId={scenarioId}
            stepId={stepId}
            attempt={attempt}
            unanswered={saving.unanswered}
            opened={opened}
            goTo={goTo}
            onReached={onReached}
            isReadOnly={!can.write}
          />
        )}
      </Pane>
      {isDiscarding && (
        <ConfirmDialog
          title={t.step.discardTitle}
          confirmLabel={t.ui.discard}
          cancelLabel={t.ui.keepEditing}
          isDanger
          onConfirm={() => {
            model.discard();
            setDiscarding(false);
            onClose();
          }}
          onClose={() => setDiscarding(false)}
        >
          {t.step.discardText}
        </ConfirmDialog>
      )}
    </Panel>
  );
}

/** Waits until it is known what there is to show. A failure is for the pane. */
function Settled({ model }: { model: StepModel }) {
  const state = useSyncExternalStore(model.subscribe, () => model.state);
  if (state.is === 'failed') throw state.failure;
  if (state.is === 'loading') use(model.settled);
  return null;
}

/** Inside of the panel, because a window over everything else has keys of its own. */
function SaveKey({ label, onSave, isEnabled }: { label: string; onSave: () => void; isEnabled: boolean }) {
  useShortcut({ keys: 'mod+s', label, run: onSave, inFields: true, isEnabled });
  return null;
}

/** Reads the step again when it is not among those of the page any more: it may be deleted. */
function useListed(model: StepModel, isListed: boolean): void {
  const [wasListed, setWasListed] = useState(isListed);
  const reload = useEffectEvent(() => model.reload());
  useEffect(() => {
    if (wasListed === isListed) return;
    setWasListed(isListed);
    // The list may come later than the step.
    if (!isListed || model.state.is !== 'ready') reload();
  }, [isListed, model, wasListed]);
}

/** A tag that was typed and not added yet is added when its field is left: saving by a key leaves no field. */
function takeWhatIsTyped(panel: HTMLElement | null): void {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || panel?.contains(active) !== true) return;
  active.blur();
  active.focus();
}

function FormSkeleton() {
  return (
    <div className="step-skeleton">
      {Array.from({ length: 6 }, (_, at) => (
        <div key={at} className="step-skeleton-field">
          <Skeleton width="6rem" height="0.875rem" />
          <Skeleton height={at % 3 === 2 ? '6rem' : '2.125rem'} />
        </div>
      ))}
    </div>
  );
}
