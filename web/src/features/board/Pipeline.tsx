import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useSession } from '../../app/session';
import { UndoButtons } from '../../app/UndoButtons';
import { useFormat, useMessages } from '../../messages/Messages';
import { useLive } from '../../relay/live';
import type { Pipeline_scenario$key } from '../../relay/__generated__/Pipeline_scenario.graphql';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { isFirstScreenShown, onFirstScreen } from '../../ui/firstScreen';
import { Pane } from '../../ui/Pane';
import { Skeleton } from '../../ui/Skeleton';
import { useMedia } from '../../ui/useMedia';
import { Deferred } from './deferred';
import { FilterBar } from './FilterBar';
import { neighbourOf } from './order';
import { PipelineContext, type PipelineState, usePipeline } from './pipelineContext';
import type { StepCommands as Commands } from './StepCommands';
import { setShownOrder } from './stepOrder';
import { StepsView, type StepsHandle } from './StepsView';
import { Toolbar } from './Toolbar';
import { useFilter } from './useFilter';
import { useFocusAfterPanel } from './useFocusAfterPanel';
import { usePipelineAddress, type PipelineAddress } from './usePipelineAddress';
import { usePipelineKeys } from './usePipelineKeys';
import { useSelection } from './useSelection';
import { useStepActions } from './useStepActions';
import { useSteps } from './useSteps';
import { ViewSwitch } from './ViewSwitch';
import './Pipeline.css';

const BulkBar = lazy(() => import('./BulkBar'));
const StepCommands = lazy(() => import('./StepCommands'));
const PipelineFlow = lazy(() => import('./PipelineFlow'));
const PipelineProblems = lazy(() => import('./PipelineProblems'));
const StepPanel = lazy(() => import('../step/StepPanel'));
const DeleteStepsDialog = lazy(() => import('./DeleteStepsDialog'));
const MoveStepsDialog = lazy(() => import('./MoveStepsDialog'));
const SetAgentDialog = lazy(() => import('./SetAgentDialog'));

const FRAGMENT = graphql`
  fragment Pipeline_scenario on CrmScenario {
    id
    name
    ...useSteps_scenario
    ...Toolbar_scenario
  }
`;

/** Narrower windows show a panel instead of what is below it. */
const PHONE = '(max-width: 48rem)';

/** What the page asks before it does something. */
export type Question = { about: 'delete' | 'move' | 'agent'; ids: readonly string[] } | null;

/** A pipeline as board, list or flow, with the panel of the step that is open. */
export function Pipeline({ scenario, cursor }: { scenario: Pipeline_scenario$key; cursor: string }) {
  const t = useMessages();
  const format = useFormat();
  const { can } = useSession();
  const data = useFragment(FRAGMENT, scenario);
  const { id, name } = data;
  const address = usePipelineAddress(id);
  const read = useSteps(data);
  const { filter, filterKey, isFiltered, change, shown, foundInTexts } = useFilter(id, read, address);
  const live = useLive(id, cursor);
  const list = useRef<StepsHandle>(null);
  const filterField = useRef<HTMLInputElement>(null);
  const { selected, select, toggle, clear } = useSelection(shown);
  const [question, ask] = useState<Question>(null);
  // The steps that the list of problems has pointed at in the flow.
  const [lit, setLit] = useState<readonly string[]>();
  // Where the panel of a step is to begin, if that is not its beginning.
  const [goTo, setGoTo] = useState<GoTo | null>(null);
  // The panel was left for another step, or closed, in whatever way.
  if (goTo !== null && goTo.step !== address.search.step) setGoTo(null);
  useEffect(() => setShownOrder(id, read.ids), [id, read.ids]);

  // The first screen may wait long for one of its parts; whoever wants a command does not.
  const [areWanted, setWanted] = useState(false);
  const [commands] = useState(() => new Deferred<Commands>(() => setWanted(true)));
  const shownNow = useRef(shown);
  useEffect(() => {
    shownNow.current = shown;
  }, [shown]);
  const isShown = useSyncExternalStore(onFirstScreen, isFirstScreenShown);
  const actions = useStepActions({ commands, address, list, shown: shownNow, ask, toggle });
  useFocusAfterPanel(address.search, read.ids, list);

  // The focus goes where it makes sense once the dialog is gone, and with it what had the focus before.
  const focusNext = useRef<string | null>(null);
  useEffect(() => {
    const next = focusNext.current;
    if (question !== null || next === null) return;
    focusNext.current = null;
    requestAnimationFrame(() => list.current?.focus(next));
  }, [question]);
  const onDeleted = (ids: readonly string[]) => {
    const [first] = ids;
    focusNext.current = first === undefined ? null : neighbourOf(shown, new Set(ids), first);
    ask(null);
  };

  const { view } = address;
  const open = address.search.step;
  const state = useMemo(
    (): PipelineState => ({
      scenarioId: id,
      name,
      view,
      ids: read.ids,
      steps: read.steps,
      positions: read.positions,
      shown,
      foundInTexts,
      problems: read.problems,
      selected,
      open,
      readOnly: can.write ? null : t.board.readOnly,
      hrefOf: (step) => address.hrefWith({ step, after: undefined, before: undefined }),
      actions,
    }),
    [id, name, view, read, shown, foundInTexts, selected, open, can.write, t, address, actions],
  );
  usePipelineKeys({ state, address, filterField });

  return (
    <PipelineContext value={state}>
      <div className="pipeline">
        <Toolbar scenario={data} address={address} live={live} />
        <div className="pipeline-bar">
          <ViewSwitch address={address} />
          {selected.size > 0 ? (
            <Suspense>
              <BulkBar onClear={clear} />
            </Suspense>
          ) : (
            read.ids.length > 0 &&
            view !== 'flow' && <FilterBar {...{ filter, isFiltered, change }} inputRef={filterField} />
          )}
          <span className="pipeline-undo">
            <UndoButtons />
          </span>
        </div>
        {read.countIfMore !== null && (
          <p className="pipeline-limit">
            {t.board.firstOf(format.number(read.ids.length), format.number(read.countIfMore))}
          </p>
        )}
        <div className="pipeline-view">
          {read.ids.length === 0 ? (
            <EmptyPipeline />
          ) : view === 'flow' ? (
            <Pane label={t.flow.title} skeleton={<Skeleton height="100%" />}>
              <PipelineFlow
                id={id}
                lit={lit}
                open={open}
                onOpen={(step) => address.change({ step })}
                onOpenTimer={(step) => {
                  setGoTo({ step, field: 'autoNextTime' });
                  address.change({ step });
                }}
              />
            </Pane>
          ) : shown.length === 0 ? (
            <EmptyState
              icon="filter"
              title={t.board.filterNothing}
              action={
                <Button onPress={() => change({ text: '', agent: '', hasProblems: false })}>
                  {t.board.filterClear}
                </Button>
              }
            >
              {t.board.filterNothingText}
            </EmptyState>
          ) : (
            <StepsView key={`${view} ${filterKey}`} ref={list} view={view} onSelect={select} />
          )}
          <OpenProblems address={address} onShow={setLit} />
          <OpenStep address={address} goTo={goTo} onReached={() => setGoTo(null)} />
        </div>
        {(isShown || areWanted) && (
          <Pane label={t.board.pipeline} skeleton={null}>
            <StepCommands scenarioId={id} steps={read.steps} ref={commands.set} />
          </Pane>
        )}
        {question !== null && (
          <Suspense>
            {question.about === 'delete' && (
              <DeleteStepsDialog
                ids={question.ids}
                onDeleted={() => onDeleted(question.ids)}
                onClose={() => ask(null)}
              />
            )}
            {question.about === 'move' && (
              <MoveStepsDialog
                ids={question.ids}
                onMove={(to) => {
                  ask(null);
                  void actions.move(question.ids, to);
                }}
                onClose={() => ask(null)}
              />
            )}
            {question.about === 'agent' && (
              <SetAgentDialog
                count={question.ids.length}
                onSet={(agentId) => {
                  ask(null);
                  void actions.update(question.ids, { agentId });
                }}
                onClose={() => ask(null)}
              />
            )}
          </Suspense>
        )}
      </div>
    </PipelineContext>
  );
}

/** The list of problems, if the address says that it is open. */
function OpenProblems({ address, onShow }: { address: PipelineAddress; onShow: (ids: readonly string[]) => void }) {
  const t = useMessages();
  const { scenarioId } = usePipeline();
  const isPhone = useMedia(PHONE);
  if (address.search.problems !== '1') return null;
  return (
    <Pane label={t.problems.title} skeleton={null}>
      <PipelineProblems
        id={scenarioId}
        onOpenStep={(step) => address.change({ step, after: undefined, before: undefined })}
        onShowInFlow={(ids) => {
          onShow(ids);
          // On a phone the list would be over the picture.
          address.change({ view: 'flow', problems: isPhone ? undefined : '1' });
        }}
        onClose={() => {
          onShow([]);
          address.change({ problems: undefined });
        }}
      />
    </Pane>
  );
}

/** A field of a step. */
interface GoTo {
  step: string;
  field: string;
}

/** The panel of the step that the address names. */
function OpenStep({
  address,
  goTo,
  onReached,
}: {
  address: PipelineAddress;
  goTo: GoTo | null;
  onReached: () => void;
}) {
  const t = useMessages();
  const { scenarioId, ids, positions } = usePipeline();
  const { step, after, before } = address.search;
  if (step === undefined) return null;
  const at = positions.get(step);
  const show = (id: string | undefined) => address.change({ step: id, after: undefined, before: undefined });
  return (
    <Pane label={t.board.step} skeleton={null} resetKey={step}>
      <StepPanel
        scenarioId={scenarioId}
        stepId={step}
        placement={after !== undefined ? { after } : before !== undefined ? { before } : undefined}
        position={at === undefined ? undefined : { at: at + 1, of: ids.length }}
        goTo={goTo?.step === step ? goTo : undefined}
        onReached={onReached}
        onClose={() => show(undefined)}
        onCreated={show}
      />
    </Pane>
  );
}

/** Shown in a pipeline without steps: it explains what a step is. */
function EmptyPipeline() {
  const t = useMessages();
  const { readOnly, actions } = usePipeline();
  return (
    <EmptyState
      icon="board"
      title={t.board.emptyTitle}
      action={
        <Button
          variant="primary"
          icon="add"
          isDisabled={readOnly !== null}
          disabledReason={readOnly ?? undefined}
          onPress={() => actions.create({})}
        >
          {t.board.emptyAction}
        </Button>
      }
    >
      {t.board.emptyText}
    </EmptyState>
  );
}
