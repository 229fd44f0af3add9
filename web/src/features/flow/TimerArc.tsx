import type { Edge, EdgeProps } from '@xyflow/react';
import { createContext, memo, use, type PointerEvent } from 'react';
import { useFormat, useMessages } from '../../messages/Messages';
import { arcPath, arrowPath, labelPlace, type Arc } from './layout';
import './TimerArc.css';

/** What the arcs of a picture share. */
export interface ArcContext {
  onPoint: (from: number | null) => void;
  /** Opens the timer of this step. */
  onOpen: (from: number) => void;
  /** Begins to drag the end of the arc that leaves this step; null where nothing may be changed. */
  onDrag: ((from: number, event: PointerEvent<Element>) => void) | null;
}

export const FlowArcContext = createContext<ArcContext | null>(null);

export type ArcData = {
  arc: Arc;
  /** The time once around of the cycle that it closes. */
  cycleSeconds: number | null;
  /** Whether the pointer or the focus is on it or on one of its steps. */
  isNear: boolean;
  /** Whether its end is being dragged: it is drawn faintly then. */
  isMoving: boolean;
};

export type ArcEdge = Edge<ArcData, 'timer'>;

/** How far from the step the point to drag is, so that it does not cover the step. */
const GRIP = { distance: 14, radius: 12, dot: 4 };

/** A timer beside the row. The steps at its ends say the same in words, so it is for the eye alone. */
export const TimerArc = memo(function TimerArc({ data }: EdgeProps<ArcEdge>) {
  const t = useMessages();
  const format = useFormat();
  const context = use(FlowArcContext);
  if (data === undefined || context === null) return null;
  const { arc, cycleSeconds, isNear, isMoving } = data;
  const path = arcPath(arc);
  const label = labelPlace(arc);
  const delay = format.duration(arc.delaySeconds);
  const pointed = {
    onMouseEnter: () => context.onPoint(arc.from),
    onMouseLeave: () => context.onPoint(null),
    onClick: () => context.onOpen(arc.from),
  };
  return (
    <g
      className="timer-arc"
      data-from={arc.from}
      data-to={arc.to}
      data-near={isNear || undefined}
      data-moving={isMoving || undefined}
      data-backward={arc.isBackward || undefined}
    >
      <title>{context.onDrag === null ? t.flow.openTimer : t.flow.changeTimer}</title>
      <path className="timer-arc-line" d={path} />
      <path className="timer-arc-head" d={arrowPath(arc)} />
      <path className="timer-arc-reach" d={path} {...pointed} />
      <text className="timer-arc-label" x={label.x} y={label.y} {...pointed}>
        {cycleSeconds === null ? delay : `${delay} · ${t.flow.cycle(format.duration(cycleSeconds))}`}
      </text>
      {context.onDrag !== null && isNear && <Grip arc={arc} onDrag={context.onDrag} onPoint={context.onPoint} />}
    </g>
  );
});

/** The end of an arc, to drag. */
function Grip({
  arc,
  onDrag,
  onPoint,
}: {
  arc: Arc;
  onDrag: NonNullable<ArcContext['onDrag']>;
  onPoint: ArcContext['onPoint'];
}) {
  const t = useMessages();
  const y = arc.y.step + (arc.isBackward ? GRIP.distance : -GRIP.distance);
  return (
    <g
      className="timer-arc-grip"
      onPointerDown={(event) => onDrag(arc.from, event)}
      onMouseEnter={() => onPoint(arc.from)}
      onMouseLeave={() => onPoint(null)}
    >
      <title>{t.flow.dragHint}</title>
      <circle className="timer-arc-reach" cx={arc.x.to} cy={y} r={GRIP.radius} />
      <circle className="timer-arc-dot" cx={arc.x.to} cy={y} r={GRIP.dot} />
    </g>
  );
}
