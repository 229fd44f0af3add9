import {
  lazy,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
  type RefObject,
} from 'react';
import { flushSync } from 'react-dom';
import { useMessages } from '../../messages/Messages';
import { Pane } from '../../ui/Pane';
import { SkeletonText } from '../../ui/Skeleton';
import type { Draft } from './draft';
import type { FormStore } from './formStore';
import { openSections, sectionOf, SECTIONS, type SectionId } from './layout';
import { fieldsWithoutPlace } from './moreFields';
import { Moving } from './Moving';
import { Notices } from './Notices';
import { ProblemCount, Problems } from './Problems';
import { Section } from './Section';
import { AgentPart, Enter, Sends, Sets, What, Who } from './sections';
import type { PanelState, StepModel } from './stepModel';
import { FormContext } from './useField';
import type { Save } from './useSave';
import { KNOWN_FIELDS } from './values';
import { Webhook } from './Webhook';

const HistoryOfStep = lazy(() => import('../history/HistoryOfStep'));
const More = lazy(() => import('./More'));

export interface StepFormProps {
  model: StepModel;
  state: Extract<PanelState, { is: 'ready' }>;
  scenarioId: string;
  stepId: string;
  /** Changes with each attempt to save. */
  attempt: number;
  unanswered: Save['unanswered'];
  /** Keeps which sections are open for the next form of the step: a window that gets narrower draws another panel. */
  opened: RefObject<Opened | null>;
  /** The field that takes the focus; another object moves it again. */
  goTo: { readonly field: string } | undefined;
  /** Called once it has it. */
  onReached: (() => void) | undefined;
  /** Whether nothing can be changed. */
  isReadOnly: boolean;
}

/** The sections that are open; two of them are no part of the form. */
export type Opened = ReadonlySet<SectionId | 'problems' | 'history'>;

/** The fields of a step in sections, with what is wrong above them. */
export function StepForm(props: StepFormProps) {
  const { model, state, scenarioId, stepId, attempt, unanswered, opened, goTo, onReached, isReadOnly } = props;
  const { store, step } = state;
  const t = useMessages();
  const problems = useSyncExternalStore(store.subscribe, () => store.problems);
  const isSubmitted = useSyncExternalStore(store.subscribe, () => store.draft.isSubmitted);
  const place = useRef<HTMLDivElement>(null);
  const { open, setOpen, reveal } = useOpenSections(opened, state, problems, isSubmitted);
  const more = useMemo(() => fieldsWithoutPlace(store.rules), [store]);
  const fields = useMemo(() => new Set<string>([...KNOWN_FIELDS, ...more]), [more]);
  const form = useMemo(() => ({ store, isReadOnly }), [store, isReadOnly]);
  const go = useCallback(
    (field: string) => {
      flushSync(() => reveal(sectionOf(field)));
      focusField(place.current, field);
    },
    [reveal],
  );
  const reached = useEffectEvent(() => onReached?.());
  useEffect(() => {
    if (goTo === undefined) return undefined;
    const { field } = goTo;
    reveal(sectionOf(field));
    // Once its section is open.
    const frame = requestAnimationFrame(() => {
      focusField(place.current, field);
      reached();
    });
    return () => cancelAnimationFrame(frame);
  }, [goTo, reveal]);
  const isNew = step === null;
  const contents = useMemo<Readonly<Record<SectionId, ReactNode>>>(
    () => ({
      what: <What isNew={isNew} />,
      enter: <Enter />,
      agent: <AgentPart />,
      sets: <Sets />,
      who: <Who />,
      sends: <Sends />,
      moving: <Moving scenarioId={scenarioId} stepId={stepId} />,
      webhook: <Webhook />,
      more: (
        <Pane label={t.step.moreLoading} skeleton={<SkeletonText lines={3} />}>
          <More stepId={stepId} version={step?.version ?? null} />
        </Pane>
      ),
    }),
    [isNew, scenarioId, step?.version, stepId, t],
  );
  const hasProblems = state.problems.length > 0;
  const problemsOfStep = (
    <Section
      title={t.step.sections.problems}
      isOpen={open.has('problems')}
      onOpenChange={(isOpen) => setOpen('problems', isOpen)}
      note={hasProblems && <ProblemCount problems={state.problems} />}
    >
      <Problems problems={state.problems} stepId={stepId} />
    </Section>
  );
  return (
    <FormContext value={form}>
      <div className="step-form" ref={place}>
        <Notices
          model={model}
          state={state}
          unanswered={unanswered}
          problems={isSubmitted ? problems : NO_PROBLEMS}
          attempt={attempt}
          fields={fields}
          onGo={go}
        />
        {hasProblems && problemsOfStep}
        {SECTIONS.filter((id) => id !== 'more' || more.length > 0).map((id) => (
          <Section
            key={id}
            title={t.step.sections[id]}
            isOpen={open.has(id)}
            onOpenChange={(isOpen) => setOpen(id, isOpen)}
            problems={
              problems.filter(({ field: [, field = ''] }) => sectionOf(field) === id && fields.has(field)).length
            }
          >
            {contents[id]}
          </Section>
        ))}
        {step !== null && (
          <>
            {!hasProblems && problemsOfStep}
            <Section
              title={t.step.sections.history}
              isOpen={open.has('history')}
              onOpenChange={(isOpen) => setOpen('history', isOpen)}
            >
              {open.has('history') && (
                <Pane label={t.step.historyLoading} skeleton={<SkeletonText lines={4} />}>
                  <HistoryOfStep stepId={stepId} version={step.version} />
                </Pane>
              )}
            </Section>
          </>
        )}
      </div>
    </FormContext>
  );
}

const NO_PROBLEMS: FormStore['problems'] = [];

/**
 * Which sections are open: those that a person has opened, those in which saving found something wrong, and what looks
 * wrong with the step.
 */
function useOpenSections(
  kept: StepFormProps['opened'],
  { store, problems: found }: StepFormProps['state'],
  problems: FormStore['problems'],
  isSubmitted: Draft['isSubmitted'],
) {
  const [open, setAll] = useState<Opened>(() => {
    const { values, version } = store.draft;
    const ofForm = openSections(values, version === null);
    return kept.current ?? new Set(found.length > 0 ? [...ofForm, 'problems' as const] : ofForm);
  });
  useEffect(() => {
    kept.current = open;
  }, [kept, open]);
  const setOpen = (id: SectionId | 'problems' | 'history', isOpen: boolean) =>
    setAll((all) => new Set(isOpen ? [...all, id] : [...all].filter((one) => one !== id)));
  const reveal = useCallback((id: SectionId) => setAll((all) => new Set([...all, id])), []);
  // What looks wrong only after the form was opened is shown as well.
  const hasFound = found.length > 0;
  const [hadFound, setHadFound] = useState(hasFound);
  if (hasFound !== hadFound) {
    setHadFound(hasFound);
    if (hasFound) setOpen('problems', true);
  }
  useEffect(() => {
    if (!isSubmitted) return;
    for (const {
      field: [, field],
    } of problems)
      if (field !== undefined) reveal(sectionOf(field));
  }, [isSubmitted, problems, reveal]);
  return { open, setOpen, reveal };
}

/** Moves the focus to what is typed into of a field. */
function focusField(place: HTMLElement | null, field: string): void {
  const slot = place?.querySelector(`[data-field="${CSS.escape(field)}"]`);
  const target =
    slot?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? slot?.querySelector<HTMLElement>(CONTROLS);
  target?.focus();
  slot?.scrollIntoView({ block: 'nearest' });
}

const CONTROLS = 'input, textarea, button, [tabindex]';
