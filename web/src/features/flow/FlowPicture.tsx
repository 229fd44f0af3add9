import { Panel, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useEffect, useEffectEvent, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useFormat, useMessages } from '../../messages/Messages';
import { IconButton } from '../../ui/IconButton';
import { VisuallyHidden } from '../../ui/VisuallyHidden';
import { DragPreview } from './DragPreview';
import { arcsOf, nodesOf, type Near } from './elements';
import { FlowNodeContext, StartNodeView, StepNodeView } from './FlowNodes';
import { keyAction } from './keys';
import type { FlowEdge, Rect } from './layout';
import { Overview } from './Overview';
import type { Picture } from './picture';
import { FlowArcContext, TimerArc } from './TimerArc';
import { useArcDrag } from './useArcDrag';
import { useView } from './useView';
import { arcsInView, ZOOM } from './viewport';
import { displayName } from './words';
import './FlowPicture.css';

const NODE_TYPES = { step: StepNodeView, start: StartNodeView };
const EDGE_TYPES = { timer: TimerArc };
const HIDE_ATTRIBUTION = { hideAttribution: true };
/** How far beyond the picture the view can be moved. */
const BEYOND = { x: 800, y: 600 };

export interface FlowPictureProps {
  /** Says to assistive technology which picture it is. */
  label: string;
  /** With at least one step. */
  picture: Picture;
  edges: readonly FlowEdge[];
  selectedStepId?: string | undefined;
  highlight: ReadonlySet<string>;
  onOpen: (index: number) => void;
  onOpenTimer: (index: number) => void;
  /** Leads the timer of a step to another one; null where nothing may be changed. */
  onRetarget: ((from: number, to: number) => void) | null;
}

/** The picture, inside of a ReactFlowProvider. */
export function FlowPicture({
  label,
  picture,
  edges,
  selectedStepId,
  highlight,
  onOpen,
  onOpenTimer,
  onRetarget,
}: FlowPictureProps) {
  const t = useMessages();
  const format = useFormat();
  const helpId = useId();
  const { steps, layout } = picture;
  const count = steps.length;
  const view = useView(layout);
  const { first, last, isPlaced, show } = view;
  const [near, setNear] = useState<Near>(null);
  const [reached, setReached] = useState(0);
  // The last steps may have been deleted.
  const current = Math.min(reached, count - 1);
  const focusNext = useRef<number | null>(null);
  const [drag, beginDrag] = useArcDrag(layout, (from, to) => {
    if (to !== from && to !== steps[from]?.timer?.to) onRetarget?.(from, to);
  });
  const dragged = drag?.from ?? null;
  const over = drag?.over ?? null;

  // What is to be shown comes into view, and is where the keys go on from.
  const showHighlight = useEffectEvent(() => {
    const isLit = ({ id }: { id: string | null }) => id !== null && highlight.has(id);
    const from = steps.findIndex(isLit);
    if (from < 0) return;
    setReached(from);
    show(from, steps.findLastIndex(isLit));
  });
  useEffect(() => {
    if (isPlaced) showHighlight();
  }, [isPlaced, highlight]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const action = keyAction(event.key);
    if (action === null) return;
    if (typeof action === 'function') {
      // Only between steps: the buttons of the picture have keys of their own.
      if (!(event.target instanceof HTMLElement) || event.target.dataset.stepIndex === undefined) return;
      const next = Math.min(Math.max(action(current, count), 0), count - 1);
      focusNext.current = next === current ? null : next;
      setReached(next);
      show(next, next);
    } else {
      view[action]();
    }
    event.preventDefault();
  }

  const inView = useMemo(() => arcsInView(layout, first, last), [layout, first, last]);
  const nodes = useMemo(
    () => nodesOf({ picture, first, last, current, arcs: inView.arcs, selectedStepId, highlight, dragged, over }),
    [picture, first, last, current, inView, selectedStepId, highlight, dragged, over],
  );
  const arcs = useMemo(() => arcsOf(picture, inView.arcs, near, dragged), [picture, inView, near, dragged]);
  const nodeContext = useMemo(() => {
    const onPoint = (step: number | null) => setNear(step === null ? null : { step });
    return { picture, current, focusNext, onOpen, onPoint };
  }, [picture, current, onOpen]);
  const isEditable = onRetarget !== null;
  const arcContext = useMemo(() => {
    const onPoint = (arc: number | null) => setNear(arc === null ? null : { arc });
    return { onPoint, onOpen: onOpenTimer, onDrag: isEditable ? beginDrag : null };
  }, [isEditable, beginDrag, onOpenTimer]);

  return (
    <FlowNodeContext value={nodeContext}>
      <FlowArcContext value={arcContext}>
        <ReactFlow
          className="flow-picture"
          data-placed={isPlaced || undefined}
          data-dragging={drag !== null || undefined}
          aria-label={label}
          aria-describedby={helpId}
          nodes={nodes}
          edges={arcs}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          panActivationKeyCode={null}
          panOnScroll
          zoomOnDoubleClick={false}
          minZoom={ZOOM.min}
          maxZoom={ZOOM.max}
          translateExtent={extentOf(layout.bounds)}
          proOptions={HIDE_ATTRIBUTION}
          onKeyDown={onKeyDown}
        >
          {drag !== null && <DragPreview drag={drag} picture={picture} edges={edges} />}
          <Panel position="bottom-left" className="flow-tools">
            <IconButton icon="minus" label={t.flow.zoomOut} shortcut="-" size="sm" onPress={view.zoomOut} />
            <IconButton icon="add" label={t.flow.zoomIn} shortcut="+" size="sm" onPress={view.zoomIn} />
            <IconButton icon="fit" label={t.flow.fit} shortcut="0" size="sm" onPress={view.showAll} />
          </Panel>
          <Panel position="bottom-right">
            <Overview picture={picture} highlight={highlight} label={t.flow.overview} />
          </Panel>
          {inView.more > 0 && (
            <Panel position="top-right" className="flow-note">
              {t.flow.moreArcs(format.number(inView.more))}
            </Panel>
          )}
          {drag !== null && (
            <Panel position="top-center" className="flow-note">
              {drag.over === drag.from ? t.flow.notItself : t.flow.dragEnd(displayName(t.flow, steps[drag.from]?.name))}
            </Panel>
          )}
          <VisuallyHidden id={helpId}>{t.flow.keys}</VisuallyHidden>
        </ReactFlow>
      </FlowArcContext>
    </FlowNodeContext>
  );
}

function extentOf({ x, y, width, height }: Rect): [[number, number], [number, number]] {
  return [
    [x - BEYOND.x, y - BEYOND.y],
    [x + width + BEYOND.x, y + height + BEYOND.y],
  ];
}
