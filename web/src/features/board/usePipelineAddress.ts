import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { paths, viewOf, type PipelineSearch, type View } from '../../app/routes';
import { useMedia } from '../../ui/useMedia';

/** Below this width rows can be read, and columns cannot; that is also a wide window at a zoom of 400 %. */
const NARROW = '(max-width: 30rem)';

export interface PipelineAddress {
  search: PipelineSearch;
  /** The view of the address, or else the one that suits the window. */
  view: View;
  /** The address with some of its values changed; undefined takes one out. */
  hrefWith: (changes: PipelineSearch) => string;
  /** Goes there. With `replace` the way back does not lead to where it was before. */
  change: (changes: PipelineSearch, options?: { replace?: boolean }) => void;
}

/** What the address says of the pipeline: the view, the filter and the open step. */
export function usePipelineAddress(id: string): PipelineAddress {
  const text = useSearch();
  const [, navigate] = useLocation();
  const isNarrow = useMedia(NARROW);
  const search = useMemo(() => searchOf(text), [text]);
  const hrefWith = useCallback(
    (changes: PipelineSearch) => paths.pipeline(id, { ...search, ...changes }),
    [id, search],
  );
  const change = useCallback(
    (changes: PipelineSearch, options?: { replace?: boolean }) => navigate(hrefWith(changes), options),
    [navigate, hrefWith],
  );
  const view = search.view ?? (isNarrow ? 'list' : 'board');
  return useMemo(() => ({ search, view, hrefWith, change }), [search, view, hrefWith, change]);
}

function searchOf(text: string): PipelineSearch {
  const values = new URLSearchParams(text);
  const value = (name: keyof PipelineSearch) => values.get(name) ?? undefined;
  return {
    view: viewOf(value('view')),
    step: value('step'),
    after: value('after'),
    before: value('before'),
    q: value('q'),
    agent: value('agent'),
    only: value('only') === 'problems' ? 'problems' : undefined,
    problems: value('problems') === '1' ? '1' : undefined,
  };
}
