import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { useFormat, useMessages } from '../../messages/Messages';
import {
  draftOf,
  errorsOfDraft,
  errorsOfResponse,
  inOrder,
  type Draft,
  type DraftErrors,
  type DraftEvent,
} from './draft';
import { momentsOf, type Moment } from './moments';
import { eventInputs, readAddress, writeAddress } from './settings';
import type { Directory } from './useDirectory';
import { useSimulation, type Result } from './useSimulation';

/** What a result was run for. */
interface Ran {
  draft: Draft;
  revision: number;
}

export type TimedEntry = Result<Ran>['timeline'][number];

export interface SimulationPage {
  draft: Draft;
  /** What is wrong with the draft, as far as it is known. */
  errors: DraftErrors;
  /** Rises with each run that is refused. */
  attempt: number;
  /** The key of the event that was added last. */
  newKey: number | null;
  isBusy: boolean;
  result: Result<Ran> | null;
  failure: ReturnType<typeof useSimulation>['failure'];
  /** The moments that are to be shown, and how many the result has. */
  visible: readonly Moment<TimedEntry>[];
  total: number;
  /** Whether the moments are shown one after the other. */
  isStepping: boolean;
  /** The index of the visible moment at which the picture shows the conversation; -1 if there is none. */
  current: number;
  /** Since the result: what it was run for has changed. */
  isOutdated: boolean;
  change: (draft: Draft) => void;
  add: (event: DraftEvent) => void;
  choose: (index: number) => void;
  /** Shows everything, or with a number so many moments; runs the simulation before if it has to be. */
  show: (shown: 'all' | number, onShown?: () => void) => void;
  reset: () => void;
}

const NO_ERRORS: DraftErrors = new Map();

/** The state of the page. The address is where it begins; from then on the address follows. */
export function useSimulationPage(id: string, revision: number, directory: Directory): SimulationPage {
  const t = useMessages();
  const format = useFormat();
  const [path, navigate] = useLocation();
  const [begun] = useState(() => readAddress(new URLSearchParams(window.location.search)));
  const [draft, setDraft] = useState<Draft>(() => draftOf(begun.settings));
  const [shown, setShown] = useState(begun.shown);
  const [chosen, setChosen] = useState<number | null>(null);
  const [newKey, setNewKey] = useState<number | null>(null);
  const [errors, setErrors] = useState(NO_ERRORS);
  const [attempt, setAttempt] = useState(0);
  const { isBusy, result, failure, run, clear } = useSimulation<Ran>();

  useEffect(() => {
    const search = writeAddress({ settings: draft, shown });
    // The address keeps the view of the pipeline, to which the link back leads.
    const view = new URLSearchParams(window.location.search).get('view');
    if (view !== null) search.set('view', view);
    navigate(search.size === 0 ? path : `${path}?${search}`, { replace: true });
  }, [draft, shown, path, navigate]);

  const moments = useMemo(() => momentsOf(result?.timeline ?? []), [result]);
  const visible = shown === 'all' ? moments : moments.slice(0, shown ?? 0);
  const current = Math.min(chosen ?? visible.length - 1, visible.length - 1);
  const isOutdated = result !== null && (result.of.draft !== draft || result.of.revision !== revision);

  function refuse(found: DraftErrors) {
    setErrors(found);
    if (found.size > 0) setAttempt((count) => count + 1);
  }

  function start(onShown?: () => void) {
    const ordered = inOrder(draft);
    setDraft(ordered);
    setNewKey(null);
    const wrong = errorsOfDraft(t.simulate, ordered, directory);
    refuse(wrong);
    if (wrong.size > 0) return;
    const { startAt, channel, seed, untilSeconds, open } = ordered;
    const openConversations = [...open].map(([membershipId, count]) => ({ membershipId, count }));
    const events = eventInputs(ordered.events, directory.indexOf);
    const input = { scenarioId: id, startAt, channel, seed, untilSeconds, openConversations, events };
    run(input, { draft: ordered, revision }, ({ errors: violated }) => {
      refuse(errorsOfResponse(t, format, violated, ordered));
      if (violated.length === 0) onShown?.();
    });
  }

  // A link to a result shows it.
  const begin = useEffectEvent(() => begun.shown !== null && start());
  useEffect(() => void begin(), []);

  return {
    draft,
    errors,
    attempt,
    newKey,
    isBusy,
    result,
    failure,
    visible,
    total: moments.length,
    isStepping: typeof shown === 'number',
    current,
    isOutdated,
    change: (next) => {
      setDraft(next);
      setErrors(NO_ERRORS);
    },
    add: (event) => {
      setDraft(inOrder({ ...draft, events: [...draft.events, event] }));
      setNewKey(event.key);
    },
    choose: setChosen,
    show: (next, onShown) => {
      const apply = () => {
        setShown(next);
        setChosen(null);
        onShown?.();
      };
      if (result === null || isOutdated || next === 'all') start(apply);
      else apply();
    },
    reset: () => {
      clear();
      setErrors(NO_ERRORS);
      setShown(null);
      setChosen(null);
    },
  };
}
