import { useEffect, useRef, useState } from 'react';
import { keepOwnVersion, ownVersion } from '../../app/ownVersions';
import { useStepLifecycle } from '../../app/steps/useStepLifecycle';
import { outcomeOf, useCommand, type CommandResult, type RunCommand, type UserErrorData } from '../../app/useCommand';
import type { UndoEntry } from '../../app/undo';
import type { Messages } from '../../messages/en';
import { sentenceOfFailure } from '../../messages/errors';
import { useMessages } from '../../messages/Messages';
import type {
  CrmStepPlacement,
  stepMutationsCreateMutation,
} from '../../relay/__generated__/stepMutationsCreateMutation.graphql';
import type {
  stepMutationsUpdateMutation,
  UpdateCrmStepInput,
} from '../../relay/__generated__/stepMutationsUpdateMutation.graphql';
import type { RequestFailed } from '../../relay/errors';
import type { Input } from '../../rules/evaluate';
import { showToast } from '../../ui/toasts';
import { sendable } from './check';
import type { FormStore } from './formStore';
import { CREATE, UPDATE } from './stepMutations';
import { problemsOf } from './problems';
import type { StepModel } from './stepModel';
import { updateInput } from './stored';
import { readStep } from './storedStep';
import type { StepValues } from './values';

/** A call of which it is not known whether it was carried out. */
interface Unanswered {
  readonly failure: RequestFailed;
  /** What was sent, so that the same is not sent as another call. */
  readonly sent: string;
  readonly again: () => Promise<void>;
}

export interface Save {
  /** Saves what is typed; false if something has to be put right first. */
  readonly save: (store: FormStore) => boolean;
  readonly isBusy: boolean;
  readonly unanswered: Unanswered | null;
  readonly forget: () => void;
}

/** Saves a step: creates it at its place, or changes it unless somebody else has. */
export function useSave({
  model,
  scenarioId,
  placement,
  onCreated,
}: {
  model: StepModel;
  scenarioId: string;
  placement: CrmStepPlacement | undefined;
  onCreated: (id: string) => void;
}): Save {
  const t = useMessages();
  const [runUpdate, isUpdating] = useCommand<stepMutationsUpdateMutation>(UPDATE);
  const [runCreate, isCreating] = useCommand<stepMutationsCreateMutation>(CREATE);
  const { creation } = useStepLifecycle(scenarioId);
  const [unanswered, setUnanswered] = useState<Unanswered | null>(null);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);

  /** What becomes of a call, also of one that is sent again. */
  async function follow<M extends stepMutationsUpdateMutation | stepMutationsCreateMutation>(
    sent: string,
    call: Promise<CommandResult<M>>,
    onRefused: (errors: readonly UserErrorData[], response: M['response']) => void,
  ): Promise<void> {
    const result = await call;
    setUnanswered(null);
    if (result.is === 'refused') onRefused(result.errors, result.response);
    if (result.is !== 'failed') return;
    const again = () => follow(sent, result.again(), onRefused);
    if (isShown.current) return setUnanswered({ failure: result.failure, sent, again });
    // The panel was closed meanwhile.
    const action = { label: t.ui.tryAgain, run: () => void again() };
    showToast({ tone: 'danger', text: sentenceOfFailure(t, result.failure), action });
  }

  function create(store: FormStore, input: Input, sent: string): void {
    const variables = { input: input as stepMutationsCreateMutation['variables']['input'], to: placement };
    const call = runCreate({
      variables,
      isFailureShown: true,
      undo: ({ createCrmStep }) =>
        createCrmStep?.crmStep ? creation(t.step.undoCreate(createCrmStep.crmStep.name), createCrmStep.crmStep) : null,
      toast: ({ createCrmStep }) => t.step.created(createCrmStep?.crmStep?.name ?? ''),
      onDone({ createCrmStep }) {
        model.created();
        if (createCrmStep?.crmStep && isShown.current) onCreated(createCrmStep.crmStep.id);
      },
    });
    void follow(sent, call, (errors) => {
      const isThere = errors.some(({ code, field }) => code === 'ID_TAKEN' && field.join() === 'input,id');
      const id = isThere ? model.movedToStored() : null;
      if (id === null) store.dispatch({ type: 'refused', refusals: errors });
      else if (isShown.current) onCreated(id);
    });
  }

  function update(store: FormStore, id: string, input: Input, sent: string): void {
    const { base, version, values } = store.draft;
    const stored = sendable(store.rules, values);
    const isUndoable = canBeWrittenBack(base, stored);
    const call = runUpdate({
      variables: { id, input: input as UpdateCrmStepInput, expectedVersion: version },
      isFailureShown: true,
      undo: ({ updateCrmStep }) => {
        if (!updateCrmStep?.crmStep || !isUndoable) return null;
        return undoOf(t, runUpdate, { scenarioId, id, base, stored, version: updateCrmStep.crmStep.version });
      },
      announce: t.step.saved(values.name),
      onDone({ updateCrmStep }) {
        if (!updateCrmStep?.crmStep) return;
        keepOwnVersion(id, version ?? 0, updateCrmStep.crmStep.version);
        model.saved(readStep(updateCrmStep.crmStep), problemsOf(updateCrmStep.diagnostics, id), values);
        if (!isUndoable) showToast({ text: t.step.secretsNotUndone });
      },
    });
    void follow(sent, call, (errors, { updateCrmStep }) => {
      const current = updateCrmStep?.currentCrmStep;
      if (current) model.merge(readStep(current));
      else if (errors.some(({ code, field }) => code === 'NOT_FOUND' && field.join() === 'id')) model.reload();
      else store.dispatch({ type: 'refused', refusals: errors });
    });
  }

  function save(store: FormStore): boolean {
    store.dispatch({ type: 'submit' });
    const { input, violations } = store.checked;
    if (violations.length > 0) return false;
    const { version } = store.draft;
    const sent = JSON.stringify([version, input]);
    const step = model.state.is === 'ready' ? model.state.step : null;
    // The same call again has the same idempotency key: it is carried out once.
    if (unanswered?.sent === sent) void unanswered.again();
    else if (step === null) create(store, input, sent);
    else if (Object.keys(input).length > 0) update(store, step.id, input, sent);
    return true;
  }

  return { save, isBusy: isUpdating || isCreating, unanswered, forget: () => setUnanswered(null) };
}

/** Whether a change can be undone: a secret that this token may not read cannot be written back. */
function canBeWrittenBack(base: StepValues, stored: StepValues): boolean {
  const isKept = (name: string) => stored.webhookHeader.some((header) => header.isKept && header.name === name);
  return base.webhookHeader.every((header) => !header.isKept || isKept(header.name));
}

/** Takes back a change, and makes it again: each only if nobody has changed the step since. */
function undoOf(
  t: Messages,
  run: RunCommand<stepMutationsUpdateMutation>,
  change: { scenarioId: string; id: string; base: StepValues; stored: StepValues; version: number },
): UndoEntry {
  const { scenarioId, id, base, stored } = change;
  let { version } = change;
  const send = async (from: StepValues, to: StepValues) => {
    const input = updateInput(from, to) as UpdateCrmStepInput;
    // Later commands of this tab are undone by now, which has made versions of its own.
    const expectedVersion = ownVersion(id, version);
    const result = await run({
      variables: { id, input, expectedVersion },
      onDone({ updateCrmStep }) {
        if (!updateCrmStep?.crmStep) return;
        version = updateCrmStep.crmStep.version;
        keepOwnVersion(id, expectedVersion, version);
      },
    });
    return outcomeOf(t, result, ({ updateCrmStep }) => {
      const current = updateCrmStep?.currentCrmStep;
      return { pipeline: scenarioId, step: id, by: current ? readStep(current).changedBy?.tokenName : undefined };
    });
  };
  return { label: t.step.undoUpdate(stored.name), undo: () => send(stored, base), redo: () => send(base, stored) };
}
