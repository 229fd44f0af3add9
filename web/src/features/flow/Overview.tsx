import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { useRef, type PointerEvent } from 'react';
import { PITCH, STEP, type Layout } from './layout';
import type { Picture } from './picture';
import './Overview.css';

/**
 * The whole row, and the part of it that is in view; pressing or dragging goes there. @xyflow's minimap has an element
 * for each step, this one has two paths for all. For pointers only: keys have Home, End and the arrows.
 */
export function Overview({
  picture,
  highlight,
  label,
}: {
  picture: Picture;
  highlight: ReadonlySet<string>;
  label: string;
}) {
  const { layout, steps } = picture;
  const { setViewport } = useReactFlow();
  const store = useStoreApi();
  const left = useStore(({ transform }) => -transform[0] / transform[2]);
  const seen = useStore(({ transform, width }) => width / transform[2]);
  const svg = useRef<SVGSVGElement>(null);
  const { bounds } = layout;
  if (seen >= bounds.width) return null;

  function go(event: PointerEvent) {
    if (svg.current === null || event.buttons === 0) return;
    const box = svg.current.getBoundingClientRect();
    const middle = bounds.x + ((event.clientX - box.left) / box.width) * bounds.width;
    const [, y, zoom] = store.getState().transform;
    void setViewport({ x: store.getState().width / 2 - middle * zoom, y, zoom });
  }

  const marked = steps.flatMap(({ id, severity }, index) =>
    severity === 'ERROR' || severity === 'WARNING' || (id !== null && highlight.has(id)) ? [index] : [],
  );
  return (
    <svg
      ref={svg}
      className="flow-overview nopan nodrag"
      viewBox={`${bounds.x} 0 ${bounds.width} 1`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <title>{label}</title>
      <path
        className="flow-overview-steps"
        d={boxes(
          Array.from({ length: layout.stepCount }, (_, index) => index),
          layout,
        )}
      />
      <path className="flow-overview-marked" d={boxes(marked, layout)} />
      <rect className="flow-overview-view" x={left} y={0} width={seen} height={1} />
    </svg>
  );
}

/** The boxes of steps as one path, each wide enough to be seen. */
function boxes(indexes: readonly number[], layout: Layout): string {
  const width = Math.max(STEP.width, layout.bounds.width / 200);
  return indexes.map((index) => `M${index * PITCH} .25h${width}v.5h${-width}z`).join('');
}
