// What @xyflow gets of the picture: only what is in view, because it looks at all that it has in each frame.

import { Position } from '@xyflow/react';
import type { StartNode, StepNode } from './FlowNodes';
import { START, startRect, STEP, stepRect } from './layout';
import type { Picture } from './picture';
import type { ArcEdge } from './TimerArc';

/** The ends of edges at steps that are not drawn. The arcs know their ends themselves, but @xyflow asks for them. */
const HANDLES: NonNullable<StepNode['handles']> = [
  { type: 'source', position: Position.Top, x: STEP.width / 2, y: 0 },
  { type: 'target', position: Position.Top, x: STEP.width / 2, y: 0 },
];

/** Without the role and the English words of @xyflow: the button inside says what it is. */
const NODE_ATTRIBUTES: StepNode['domAttributes'] = { 'aria-roledescription': undefined };

/** The steps say in words what the arcs show. The type leaves out `aria-label`, which @xyflow would fill. */
const ARC_ATTRIBUTES = {
  'aria-hidden': true,
  'aria-label': undefined,
  'aria-roledescription': undefined,
} as ArcEdge['domAttributes'];

const START_NODE: StartNode = {
  id: 'start',
  type: 'start',
  position: { x: startRect().x, y: 0 },
  width: START.size + START.gap,
  height: STEP.height,
  measured: { width: START.size + START.gap, height: STEP.height },
  handles: HANDLES,
  domAttributes: NODE_ATTRIBUTES,
  data: {},
};

export interface ShownSteps {
  picture: Picture;
  /** The indexes of the first and the last step in view. */
  first: number;
  last: number;
  /** The step that Tab reaches: it is drawn wherever it is, so that it keeps the focus when the view is moved. */
  current: number;
  /** The arcs in view, as indexes into those of the layout. */
  arcs: readonly number[];
  selectedStepId: string | undefined;
  highlight: ReadonlySet<string>;
  /** The step whose arc is dragged, and the one that it is over. */
  dragged: number | null;
  over: number | null;
}

/** The steps in view, and hidden ones for the arcs that lead out of it: an edge is drawn only between known nodes. */
export function nodesOf(shown: ShownSteps): (StepNode | StartNode)[] {
  const { picture, first, last, current, arcs, selectedStepId, highlight, dragged, over } = shown;
  const { steps, layout } = picture;
  const indexes = new Set<number>();
  for (let index = first; index <= last && index < steps.length; index += 1) indexes.add(index);
  indexes.add(current);
  const visible = [...indexes].map((index): StepNode => ({
    ...nodeOf(index),
    data: {
      index,
      isSelected: selectedStepId !== undefined && steps[index]?.id === selectedStepId,
      isHighlighted: highlight.has(steps[index]?.id ?? ''),
      drop: over === index ? (dragged === index ? 'refused' : 'here') : null,
    },
  }));
  const ends = new Set(arcs.flatMap((arc) => [layout.arcs[arc]?.from ?? 0, layout.arcs[arc]?.to ?? 0]));
  const hidden = [...ends]
    .filter((index) => !indexes.has(index))
    .map((index): StepNode => ({
      ...nodeOf(index),
      hidden: true,
      data: { index, isSelected: false, isHighlighted: false, drop: null },
    }));
  return first === 0 ? [START_NODE, ...visible, ...hidden] : [...visible, ...hidden];
}

/** What the pointer or the focus is on: a step, or the arc that leaves a step. */
export type Near = { step?: number; arc?: number } | null;

/** The arcs in view; those that are near are above the others. */
export function arcsOf(
  { steps, layout }: Picture,
  arcs: readonly number[],
  near: Near,
  dragged: number | null,
): ArcEdge[] {
  return arcs.flatMap((index) => {
    const arc = layout.arcs[index];
    if (arc === undefined) return [];
    const isMoving = dragged === arc.from;
    const isNear = isMoving || near?.arc === arc.from || near?.step === arc.from || near?.step === arc.to;
    return [
      {
        id: `timer-${arc.from}`,
        type: 'timer',
        source: String(arc.from),
        target: String(arc.to),
        zIndex: isNear ? 1 : 0,
        ariaRole: 'none',
        domAttributes: ARC_ATTRIBUTES,
        data: { arc, cycleSeconds: steps[arc.from]?.cycleSeconds ?? null, isNear, isMoving },
      },
    ];
  });
}

function nodeOf(index: number): Omit<StepNode, 'data'> {
  const { x, y, ...size } = stepRect(index);
  return {
    id: String(index),
    type: 'step',
    position: { x, y },
    ...size,
    measured: size,
    handles: HANDLES,
    domAttributes: NODE_ATTRIBUTES,
  };
}
