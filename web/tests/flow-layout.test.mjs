// The geometry of the flow, without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceModule } from './support/module.mjs';
import { randomOf } from './support/random.mjs';

const layout = await sourceModule('features/flow/layout.ts');
const viewport = await sourceModule('features/flow/viewport.ts');
const { arcPath, arrowPath, labelPlace, layoutOf, PITCH, STEP, stepAt, stepRect, withTarget } = layout;

/** The edges of steps whose timers lead to `targets` (null: no timer), in lanes as `CrmFlow` describes them. */
function edgesOf(targets) {
  const edges = [{ from: null, to: 0, delaySeconds: null, isBackward: false, lane: 0 }];
  targets.forEach((to, from) => {
    if (to !== null) edges.push({ from, to, delaySeconds: 60 * (from + 1), isBackward: to <= from, lane: 0 });
  });
  for (const isBackward of [false, true]) {
    const side = edges.filter((edge) => edge.from !== null && edge.isBackward === isBackward);
    side.sort((a, b) => gaps(a).length - gaps(b).length || a.from - b.from);
    const heights = targets.map(() => 0);
    for (const edge of side) {
      edge.lane = 1 + Math.max(...gaps(edge).map((gap) => heights[gap]));
      for (const gap of gaps(edge)) heights[gap] = edge.lane;
    }
  }
  return edges;
}

/** The gaps between neighbouring steps over which an arc leads. */
function gaps({ from, to }) {
  const first = Math.min(from, to);
  return Array.from({ length: Math.abs(to - from) }, (_, offset) => first + offset);
}

function randomTargets(random, count) {
  return Array.from({ length: count }, (_, index) => {
    const kind = random.below(4);
    if (kind === 0) return null;
    const to = kind === 1 ? index + 1 : random.below(count);
    return to === index || to >= count ? null : to;
  });
}

/** The horizontal part of an arc. */
function span({ x, y }) {
  return { left: Math.min(x.from, x.to), right: Math.max(x.from, x.to), y: y.lane };
}

test('draws no two arcs on top of each other', () => {
  const random = randomOf(1);
  let compared = 0;
  for (let round = 0; round < 200; round += 1) {
    const edges = edgesOf(randomTargets(random, 2 + random.below(24)));
    const { arcs } = layoutOf(edges.length, edges);
    arcs.forEach((a, index) => {
      for (const b of arcs.slice(index + 1)) {
        const [one, other] = [span(a), span(b)];
        const isOver = one.left < other.right && other.left < one.right;
        assert.ok(!(isOver && one.y === other.y), `${JSON.stringify([a, b])} overlap`);
        compared += 1;
      }
    });
  }
  assert.ok(compared > 1000);
});

test('draws forward arcs above the row and backward arcs below it, within the bounds', () => {
  const random = randomOf(2);
  for (let round = 0; round < 100; round += 1) {
    const targets = randomTargets(random, 2 + random.below(24));
    const { arcs, bounds } = layoutOf(targets.length, edgesOf(targets));
    assert.deepEqual(
      arcs.map(({ from, to }) => [from, to]),
      targets.flatMap((to, from) => (to === null ? [] : [[from, to]])),
    );
    for (const arc of arcs) {
      assert.equal(arc.isBackward, arc.to < arc.from);
      assert.ok(arc.isBackward ? arc.y.lane > STEP.height : arc.y.lane < 0);
      assert.ok(arc.y.lane > bounds.y && arc.y.lane < bounds.y + bounds.height);
      // It begins and ends at the sides of its steps.
      for (const [index, x] of [
        [arc.from, arc.x.from],
        [arc.to, arc.x.to],
      ]) {
        const rect = stepRect(index);
        assert.ok(x > rect.x && x < rect.x + rect.width);
      }
      assert.equal(labelPlace(arc).y, arc.y.lane);
    }
  }
});

test('gives the same picture for the same flow', () => {
  const targets = randomTargets(randomOf(3), 200);
  const pictures = [1, 2].map(() => layoutOf(targets.length, edgesOf(targets)));
  assert.deepEqual(pictures[0], pictures[1]);
  assert.deepEqual(pictures[0].arcs.map(arcPath), pictures[1].arcs.map(arcPath));
});

test('draws an arc around its corners, with an arrowhead at its end', () => {
  const { arcs } = layoutOf(3, edgesOf([2, null, null]));
  assert.equal(arcPath(arcs[0]), 'M132.48 0V-30q0 -10 10 -10H505.52q10 0 10 10V0');
  assert.equal(arrowPath(arcs[0]), 'M511.02 -8L515.52 0L520.02 -8');
});

test('leads a timer to another step outside of all other arcs', () => {
  const random = randomOf(4);
  for (let round = 0; round < 100; round += 1) {
    const targets = randomTargets(random, 3 + random.below(20));
    const edges = edgesOf(targets);
    const from = targets.findIndex((target) => target !== null);
    if (from < 0) continue;
    const to = random.below(targets.length);
    if (to === from) continue;
    const changed = withTarget(edges, from, to);
    const edge = changed.find((edge) => edge.from === from);
    assert.equal(edge.to, to);
    assert.equal(edge.isBackward, to < from);
    for (const other of changed) {
      if (other !== edge && other.isBackward === edge.isBackward) assert.ok(other.lane < edge.lane);
    }
    assert.deepEqual(
      changed.filter((other) => other !== edge),
      edges.filter((other) => other.from !== from),
    );
  }
});

test('finds the step at a point', () => {
  const picture = layoutOf(4, []);
  for (let index = 0; index < 4; index += 1) {
    const { x, y } = stepRect(index);
    assert.equal(stepAt(picture, x + 1, y + 1), index);
    assert.equal(stepAt(picture, x + STEP.width, y + STEP.height), index);
    assert.equal(stepAt(picture, x, -200), null);
  }
  assert.equal(stepAt(picture, 4 * PITCH, 0), null);
  assert.equal(stepAt(picture, -PITCH, 0), null);
});

test('draws the arcs that begin or end in view first, and says how many it leaves out', () => {
  const count = 400;
  const far = Array.from({ length: count }, (_, index) => (index < 150 ? index + 250 : null));
  const picture = layoutOf(count, edgesOf(far));
  const middle = viewport.arcsInView(picture, 190, 200);
  assert.equal(middle.arcs.length, viewport.MAX_ARCS);
  assert.equal(middle.more, 150 - viewport.MAX_ARCS);

  const left = viewport.arcsInView(picture, 0, 9);
  assert.deepEqual(left, { arcs: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], more: 0 });

  const both = viewport.arcsInView(picture, 100, 109);
  assert.equal(both.arcs.length, viewport.MAX_ARCS);
  for (let index = 100; index < 110; index += 1) assert.ok(both.arcs.includes(index));
});

test('shows all of a short pipeline, and the left end of a long one', () => {
  const size = { width: 1200, height: 600 };
  const short = layoutOf(3, edgesOf([2, null, null]));
  const all = viewport.fit(short.bounds, size);
  for (const corner of [short.bounds.x, short.bounds.x + short.bounds.width]) {
    const onScreen = corner * all.zoom + all.x;
    assert.ok(onScreen >= 0 && onScreen <= size.width);
  }
  assert.equal(all.zoom, viewport.ZOOM.initial);

  const long = layoutOf(1000, []);
  const end = viewport.fit(long.bounds, size);
  assert.equal(end.zoom, viewport.ZOOM.min);
  assert.deepEqual(viewport.indexesInView(end, size, 1000, PITCH), [0, 12]);
});

test('zooms out to what is too wide for the view, as far as names can be told apart', () => {
  const size = { width: 1000, height: 500 };
  const start = { x: 0, y: 200, zoom: 1 };
  const some = viewport.reveal(layout.stepsRect(10, 16), start, size);
  assert.ok(some.zoom < 1 && some.zoom > viewport.ZOOM.min);
  assert.equal(viewport.reveal(layout.stepsRect(10, 16), some, size), null);

  const many = viewport.reveal(layout.stepsRect(10, 400), start, size);
  assert.equal(many.zoom, viewport.ZOOM.min);
  assert.equal(viewport.reveal(stepRect(10), many, size), null);
});

test('moves the view only to what is not in it', () => {
  const size = { width: 1000, height: 500 };
  const start = { x: 0, y: 200, zoom: 1 };
  assert.equal(viewport.reveal(stepRect(2), start, size), null);
  const moved = viewport.reveal(stepRect(30), start, size);
  assert.equal(viewport.reveal(stepRect(30), moved, size), null);
  assert.equal(moved.zoom, 1);
});
