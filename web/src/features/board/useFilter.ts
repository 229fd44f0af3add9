import { useDeferredValue, useEffect, useEffectEvent, useMemo, useState } from 'react';
import { isEmpty, matches, type Filter } from './filter';
import type { PipelineAddress } from './usePipelineAddress';
import type { Steps } from './useSteps';
import { useTextSearch } from './useTextSearch';

/** How long typing has to pause before the address has it: browsers take only so many changes of it. */
const PAUSE_MS = 300;

export interface FilteredSteps {
  filter: Filter;
  isFiltered: boolean;
  change: (changes: Partial<Filter>) => void;
  /** Another one for each filter: a list of others is built anew, which is faster than taking a thousand out of it. */
  filterKey: string;
  /** The ids of the steps that it shows, in their order. */
  shown: readonly string[];
  /** Those of them that are shown only because of a prompt or a message. */
  foundInTexts: ReadonlySet<string>;
}

/** The filter, which the address has, and what it shows. */
export function useFilter(
  scenarioId: string,
  { ids, steps, problems }: Steps,
  address: PipelineAddress,
): FilteredSteps {
  const { search } = address;
  const [text, setText] = useState(search.q ?? '');
  const wanted = useDeferredValue(text);
  const found = useTextSearch(scenarioId, text);

  // The text is here first, and then in the address; by the browser's way back it is the other way round.
  const [written, setWritten] = useState(search.q ?? '');
  if ((search.q ?? '') !== written) {
    setWritten(search.q ?? '');
    setText(search.q ?? '');
  }
  const write = useEffectEvent(() => {
    setWritten(text);
    address.change({ q: text || undefined }, { replace: true });
  });
  useEffect(() => {
    if (text === written) return undefined;
    const timer = window.setTimeout(() => write(), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [text, written]);

  const agent = search.agent ?? '';
  const hasProblems = search.only === 'problems';
  const { shown, foundInTexts } = useMemo(() => {
    const filter: Filter = { text: wanted, agent, hasProblems };
    if (isEmpty(filter)) return { shown: ids, foundInTexts: NOTHING };
    const inTexts = new Set<string>();
    const matching = ids.filter((id) => {
      const step = steps.get(id);
      if (step === undefined) return false;
      if (matches(step, filter, problems, NOTHING)) return true;
      if (!matches(step, filter, problems, found)) return false;
      inTexts.add(id);
      return true;
    });
    return { shown: matching, foundInTexts: inTexts };
  }, [ids, steps, problems, wanted, agent, hasProblems, found]);

  const filter = { text, agent, hasProblems };
  return {
    filter,
    isFiltered: !isEmpty(filter),
    change: (changes) => {
      if (changes.text !== undefined) setText(changes.text);
      if (changes.agent === undefined && changes.hasProblems === undefined) return;
      const next = { ...filter, ...changes };
      if (changes.text !== undefined) setWritten(next.text);
      address.change(
        {
          q: next.text || undefined,
          agent: next.agent || undefined,
          only: next.hasProblems ? 'problems' : undefined,
        },
        { replace: true },
      );
    },
    filterKey: [wanted.trim(), agent, hasProblems].join(' '),
    shown,
    foundInTexts,
  };
}

const NOTHING: ReadonlySet<string> = new Set();
