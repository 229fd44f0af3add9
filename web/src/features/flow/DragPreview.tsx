import { ViewportPortal } from '@xyflow/react';
import { useMemo } from 'react';
import { arcPath, layoutOf, withTarget, type FlowEdge } from './layout';
import type { Picture } from './picture';
import type { ArcDrag } from './useArcDrag';
import './DragPreview.css';

/** Where a dragged arc would be: at the step that the pointer is over, else on the way to the pointer. */
export function DragPreview({ drag, picture, edges }: { drag: ArcDrag; picture: Picture; edges: readonly FlowEdge[] }) {
  const { from, over, x, y } = drag;
  const count = picture.steps.length;
  const path = useMemo(() => {
    if (over === null || over === from) return null;
    const arc = layoutOf(count, withTarget(edges, from, over)).arcs.find((candidate) => candidate.from === from);
    return arc === undefined ? null : arcPath(arc);
  }, [count, edges, from, over]);
  const start = picture.layout.arcs.find((arc) => arc.from === from);
  if (start === undefined) return null;
  return (
    <ViewportPortal>
      <svg className="flow-drag" aria-hidden="true">
        <path d={path ?? `M${start.x.from} ${start.y.step}L${x} ${y}`} />
      </svg>
    </ViewportPortal>
  );
}
