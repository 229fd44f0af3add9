// Where things are in the picture of a flow. Steps stand in one row by index; the lanes of the arcs come from the
// server. Everything here is computed from its arguments alone, in time linear in the steps and edges.

/** An edge of `CrmFlow`, as far as a place depends on it. */
export interface FlowEdge {
  readonly from: number | null | undefined;
  readonly to: number | null | undefined;
  readonly delaySeconds: number | null | undefined;
  readonly isBackward: boolean;
  readonly lane: number;
}

/** A timer as an arc beside the row: above it if it leads forward, below it if it leads backward. */
export interface Arc {
  from: number;
  to: number;
  delaySeconds: number;
  isBackward: boolean;
  /** Where it leaves its step and where it enters the other one, along the row. */
  x: { from: number; to: number };
  /** The side of the steps that it begins and ends at, and its lane. */
  y: { step: number; lane: number };
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  stepCount: number;
  /** By the index of the step that they leave. */
  arcs: Arc[];
  /** Around everything that is drawn. */
  bounds: Rect;
}

/** The size of a step. */
export const STEP = { width: 184, height: 76 };
/** From the left side of a step to that of the following one. */
export const PITCH = 232;
/** The dot at which conversations start: its size, and its distance from the first step. */
export const START = { size: 20, gap: 44 };
/** Between two lanes, which is enough for a label, and between the row and the first lane. */
const LANE = { height: 30, first: 40 };
/** Above the outermost lane, for the upper half of its label. */
const MARGIN = 16;
/** Where arcs leave and enter the side of a step, so that those of one lane that meet at a step do not touch. */
const LEAVES_AT = 0.72;
const ENTERS_AT = 0.28;
/** The radius of the corners of arcs. */
const CORNER = 10;
/** The size of arrowheads. */
const ARROW = { length: 8, half: 4.5 };

/** The place of the step with this index. */
export function stepRect(index: number): Rect {
  return { x: index * PITCH, y: 0, ...STEP };
}

/** Around the steps from one index to another. */
export function stepsRect(first: number, last: number): Rect {
  return { ...stepRect(first), width: (last - first) * PITCH + STEP.width };
}

/** The place of the dot before the first step. */
export function startRect(): Rect {
  const { size, gap } = START;
  return { x: -gap - size, y: (STEP.height - size) / 2, width: size, height: size };
}

/** Places the arcs. Edges that begin or end outside of the flow are no arcs. */
export function layoutOf(stepCount: number, edges: readonly FlowEdge[]): Layout {
  const arcs: Arc[] = [];
  let above = 0;
  let below = 0;
  for (const { from, to, delaySeconds, isBackward, lane } of edges) {
    if (from == null || to == null) continue;
    if (isBackward) below = Math.max(below, lane);
    else above = Math.max(above, lane);
    arcs.push(arcOf({ from, to, delaySeconds: delaySeconds ?? 0, isBackward, lane }));
  }
  const top = sideHeight(above);
  const left = startRect().x;
  const right = Math.max(0, stepCount - 1) * PITCH + STEP.width;
  const bounds = { x: left, y: -top, width: right - left, height: top + STEP.height + sideHeight(below) };
  return { stepCount, arcs, bounds };
}

/**
 * The edges after the timer of `from` has been led to `to`, in a lane of its own outside of all others, so that it
 * overlaps none: until the server has said which lane it gets.
 */
export function withTarget<E extends FlowEdge>(edges: readonly E[], from: number, to: number): E[] {
  const isBackward = to <= from;
  const lane = 1 + Math.max(0, ...edges.map((edge) => (edge.isBackward === isBackward ? edge.lane : 0)));
  return edges.map((edge) => (edge.from === from && edge.to != null ? { ...edge, to, isBackward, lane } : edge));
}

/** The line of an arc, as the `d` of an SVG path. */
export function arcPath({ x, y, isBackward }: Arc): string {
  // The two directions: away from the row, and along it.
  const away = isBackward ? CORNER : -CORNER;
  const along = x.from < x.to ? CORNER : -CORNER;
  return (
    `M${x.from} ${y.step}V${y.lane - away}q0 ${away} ${along} ${away}` +
    `H${x.to - along}q${along} 0 ${along} ${-away}V${y.step}`
  );
}

/** The arrowhead at the end of an arc. */
export function arrowPath({ x, y, isBackward }: Arc): string {
  const base = y.step + (isBackward ? ARROW.length : -ARROW.length);
  return `M${x.to - ARROW.half} ${base}L${x.to} ${y.step}L${x.to + ARROW.half} ${base}`;
}

/** Where the label of an arc stands: its middle. */
export function labelPlace(arc: Arc): { x: number; y: number } {
  return { x: (arc.x.from + arc.x.to) / 2, y: arc.y.lane };
}

/** The index of the step at a point of the picture, or nearest to it within half a gap; null beside the row. */
export function stepAt(layout: Layout, x: number, y: number): number | null {
  const gap = (PITCH - STEP.width) / 2;
  if (y < -gap || y > STEP.height + gap) return null;
  const index = Math.floor((x + gap) / PITCH);
  return index >= 0 && index < layout.stepCount ? index : null;
}

function sideHeight(lanes: number): number {
  return lanes === 0 ? MARGIN : LANE.first + (lanes - 1) * LANE.height + MARGIN;
}

function arcOf(edge: { from: number; to: number; delaySeconds: number; isBackward: boolean; lane: number }): Arc {
  const { from, to, delaySeconds, isBackward, lane } = edge;
  // Along the row, so that what leads forward leaves to the right of what enters, and the other way round below.
  const [leaves, enters] = isBackward ? [ENTERS_AT, LEAVES_AT] : [LEAVES_AT, ENTERS_AT];
  const x = { from: from * PITCH + leaves * STEP.width, to: to * PITCH + enters * STEP.width };
  const height = LANE.first + (lane - 1) * LANE.height;
  const y = isBackward ? { step: STEP.height, lane: STEP.height + height } : { step: 0, lane: -height };
  return { from, to, delaySeconds, isBackward, x, y };
}
