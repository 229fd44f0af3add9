import { type KeyboardEvent, memo, type Ref, useImperativeHandle, useLayoutEffect, useMemo, useRef } from 'react';
import { GridList, GridListItem, type ListState } from 'react-aria-components/GridList';
import { DropIndicator, useDragAndDrop } from 'react-aria-components/useDragAndDrop';
import { type ListLayout, Virtualizer } from 'react-aria-components/Virtualizer';
import { KEYS_FIRST } from '../../app/shortcuts';
import { useMessages } from '../../messages/Messages';
import { ColumnLayout } from './ColumnLayout';
import { placementBeside } from './order';
import { usePipeline } from './pipelineContext';
import { StepCard } from './StepCard';
import { StepRow, StepRowHead } from './StepRow';
import { StepsLayout } from './StepsLayout';
import { useOpenInSight } from './useOpenInSight';
import { useSizes } from './useSizes';
import { TouchDragContext, useTouchDrag } from './useTouchDrag';
import './StepsView.css';

/** What the page can ask of the list of steps. */
export interface StepsHandle {
  /** Moves the focus to a step, and scrolls to it, also if it is far away. */
  focus: (id: string) => void;
  /** Scrolls to a step. */
  reveal: (id: string) => void;
}

/** What the list is made of. The same object as long as the name is the same, so that a move builds nothing anew. */
interface Item {
  id: string;
  name: string;
}

export interface StepsViewProps {
  view: 'board' | 'list';
  onSelect: (ids: ReadonlySet<string>) => void;
  ref?: Ref<StepsHandle>;
}

/**
 * The steps as columns or as rows: one list with the same keys, selection and drag in both, of which only what is
 * visible is in the document. It is memoized, because the page around it is drawn more often than what it shows changes.
 */
export const StepsView = memo(function StepsView({ view, onSelect, ref }: StepsViewProps) {
  const t = useMessages();
  const { name, shown, selected, readOnly, actions, ids, open } = usePipeline();
  const items = useItems(shown);
  const place = useRef<HTMLDivElement>(null);
  const sizes = useSizes(place);
  const isBoard = view === 'board';
  const layout = useMemo(() => (isBoard ? new ColumnLayout<Item>() : new StepsLayout<Item>()), [isBoard]);
  const grid = useRef<HTMLDivElement>(null);
  const state = useRef<ListState<unknown>>(null);
  const handle = useMemo(() => handleOf(grid, state, layout), [layout]);
  useImperativeHandle(ref, () => handle, [handle]);
  useOpenInSight({ open, grid, layout, reveal: handle.reveal, isNarrow: sizes.isNarrow });

  const drop = (keys: ReadonlySet<string>, key: string, side: 'before' | 'after') => {
    const moved = ids.filter((id) => keys.has(id));
    void actions.move(moved, placementBeside(ids, keys, key, side));
  };
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': nameIn(items, String(key)) })),
    onReorder: ({ keys, target }) => {
      if (target.dropPosition === 'on') return;
      drop(new Set([...keys].map(String)), String(target.key), target.dropPosition);
    },
    renderDragPreview: (dragged) => <div className="steps-preview">{t.board.dragged(dragged.length)}</div>,
    renderDropIndicator: (target) => <DropIndicator target={target} className="steps-drop" />,
  });
  const touch = useTouchDrag({ layout, grid, isHorizontal: isBoard, selected, onDrop: drop });

  const openByEnter = (event: KeyboardEvent) => {
    const { target, key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (key !== 'Enter' || ctrlKey || metaKey || altKey || shiftKey) return;
    const id = target instanceof HTMLElement && target.role === 'row' ? target.dataset.key : undefined;
    if (id === undefined) return;
    // React Aria would select with it while something is selected.
    event.preventDefault();
    event.stopPropagation();
    actions.open(id);
  };

  return (
    <div
      ref={place}
      className={`steps steps-${view}${selected.size > 0 ? ' steps-selecting' : ''}`}
      onKeyDownCapture={openByEnter}
      {...KEYS_FIRST}
    >
      {!isBoard && !sizes.isNarrow && <StepRowHead />}
      <TouchDragContext value={touch.start}>
        <div className="steps-window">
          <Virtualizer layout={layout} layoutOptions={isBoard ? sizes.columns : sizes.rows}>
            <GridList
              ref={grid}
              className="steps-grid"
              aria-label={t.board.steps(name)}
              items={items}
              orientation={isBoard ? 'horizontal' : 'vertical'}
              // Arrows go from step to step in both views; Tab goes to what is in a step.
              keyboardNavigationBehavior="tab"
              // Letters are shortcuts; the filter finds by name.
              disallowTypeAhead
              selectionMode="multiple"
              selectionBehavior="toggle"
              selectedKeys={selected}
              onSelectionChange={(keys) => onSelect(keys === 'all' ? new Set(shown) : new Set([...keys].map(String)))}
              onAction={(key) => actions.open(String(key))}
              dragAndDropHooks={readOnly === null ? dragAndDropHooks : undefined}
            >
              {(item: Item) => (
                <GridListItem
                  id={item.id}
                  textValue={item.name}
                  aria-label={t.board.stepLabel(item.name)}
                  className="steps-item"
                >
                  {(values) => (
                    <>
                      <StateOf values={values} to={state} onDrawn={handle.revealWanted} />
                      {isBoard ? <StepCard id={item.id} /> : <StepRow id={item.id} />}
                    </>
                  )}
                </GridListItem>
              )}
            </GridList>
          </Virtualizer>
          {touch.indicator}
        </div>
      </TouchDragContext>
    </div>
  );
});

/** Takes the state of the list, which only its items are told, and says when there are items. */
function StateOf({
  values,
  to,
  onDrawn,
}: {
  values: { state: ListState<unknown> };
  to: { current: ListState<unknown> | null };
  onDrawn: () => void;
}) {
  const { state } = values;
  useLayoutEffect(() => {
    to.current = state;
    onDrawn();
  }, [state, to, onDrawn]);
  return null;
}

function useItems(ids: readonly string[]): readonly Item[] {
  const { steps } = usePipeline();
  const known = useRef(new Map<string, Item>());
  return useMemo(() => {
    const items = ids.map((id) => {
      const name = steps.get(id)?.name ?? '';
      const item = known.current.get(id);
      return item?.name === name ? item : { id, name };
    });
    known.current = new Map(items.map((item) => [item.id, item]));
    return items;
  }, [ids, steps]);
}

function nameIn(items: readonly Item[], id: string): string {
  return items.find((item) => item.id === id)?.name ?? '';
}

function handleOf(
  grid: { readonly current: HTMLDivElement | null },
  state: { readonly current: ListState<unknown> | null },
  layout: ListLayout<Item>,
): StepsHandle & { revealWanted: () => void } {
  // A step that the address names is asked for before the list knows where its items are.
  let wanted: string | null = null;
  const rowOf = (id: string) => grid.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(id)}"]`) ?? null;
  const reveal = (id: string) => {
    const rect = layout.getLayoutInfo(id)?.rect;
    const element = grid.current;
    wanted = rect === undefined || element === null ? id : null;
    if (rect === undefined || element === null) return;
    element.scrollLeft = scrolledTo(element.scrollLeft, element.clientWidth, rect.x, rect.maxX);
    element.scrollTop = scrolledTo(element.scrollTop, element.clientHeight, rect.y, rect.maxY);
  };
  return {
    reveal,
    revealWanted: () => {
      if (wanted !== null) reveal(wanted);
    },
    focus(id) {
      reveal(id);
      const row = rowOf(id);
      if (row !== null) {
        row.focus({ preventScroll: true });
        return;
      }
      // The focused step is always in the document, and takes the focus when it is drawn.
      const manager = state.current?.selectionManager;
      manager?.setFocusedKey(id);
      manager?.setFocused(true);
    },
  };
}

/** The nearest scroll position at which everything from `start` to `end` is visible. */
function scrolledTo(position: number, size: number, start: number, end: number): number {
  if (start < position || end - start > size) return start;
  return end > position + size ? end - size : position;
}
