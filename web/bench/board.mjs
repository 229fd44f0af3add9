// How fast a board of 1,000 steps is: figures for bench/RESULTS.md, never a gate. The service has to run as it is
// released; CRM_STEPS_URL and CRM_STEPS_TOKEN name it and a token, CHROMIUM the browser unless it is on PATH, and
// ROUNDS how often to measure (5). Everything else on the machine should rest.
//
//     node bench/board.mjs

import { open, useBrowserAlone } from './support.mjs';
import { anAgent, manySteps, newPipeline } from '../tests/support/pipeline.mjs';
import { focusStep, middleOf, stepItem, until, waitForFocus } from '../tests/support/board.mjs';

const STEPS = 1000;
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SCROLL_MS = 2500;

const agent = await anAgent();
const pipeline = await newPipeline({ name: `A board of ${STEPS} steps`, steps: manySteps(STEPS, agent.id) });
const address = `/pipelines/${pipeline.id}?view=board`;

const rounds = [];
await useBrowserAlone(async (newPage) => {
  // Once beforehand, so that the service and the browser have what they keep.
  await measure(await newPage());
  for (let round = 0; round < ROUNDS; round += 1) {
    const figures = await measure(await newPage());
    rounds.push(figures);
    console.error(`round ${round + 1}:`, JSON.stringify(figures));
  }
});
print();

async function measure(page) {
  await open(page, address);
  await stepItem(page, 'Step 1');
  const load = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    column: window.bench.firstColumn,
    tasks: window.bench.tasks.map(({ duration }) => duration),
  }));
  const elements = [await countElements(page)];
  const scroll = await scrollThrough(page);
  elements.push(await countElements(page));
  await page.$eval('.steps-grid', (grid) => grid.scrollTo({ left: 0 }));
  await stepItem(page, 'Step 1');
  const drag = await dragByMouse(page);
  const move = await moveByKeys(page);
  const flow = await openFlow(page);
  await page.close();
  return {
    paint: load.paint,
    column: load.column,
    taskCount: load.tasks.length,
    taskMax: Math.max(0, ...load.tasks),
    scrollP50: scroll.p50,
    scrollP95: scroll.p95,
    scrollTasks: scroll.tasks,
    dragP95: drag.p95,
    dragMax: drag.max,
    moveMax: move,
    elements: Math.max(...elements),
    flow,
  };
}

function countElements(page) {
  return page.evaluate(() => document.querySelectorAll('*').length);
}

/** The times between frames, and long tasks, while the board is scrolled by a pixel each half millisecond. */
function scrollThrough(page) {
  return page.evaluate(async (limit) => {
    window.bench.tasks.length = 0;
    const grid = document.querySelector('.steps-grid');
    const start = performance.now();
    const times = await window.bench.frames((now) => {
      grid.scrollLeft = (now - start) * 2;
      return now - start < limit;
    });
    return {
      p50: window.bench.share(times, 0.5),
      p95: window.bench.share(times, 0.95),
      tasks: window.bench.tasks.length,
    };
  }, SCROLL_MS);
}

/** The times between frames while a mouse drags a step over the others and back. */
async function dragByMouse(page) {
  const { x, y } = await middleOf(await stepItem(page, 'Step 3'));
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 20, y, { steps: 3 });
  await page.evaluate(() => {
    window.bench.isDragging = true;
    window.bench.dragged = window.bench.frames(() => window.bench.isDragging);
  });
  await page.mouse.move(x - 500, y, { steps: 60 });
  await page.mouse.move(x, y, { steps: 60 });
  const times = await page.evaluate(() => {
    window.bench.isDragging = false;
    return window.bench.dragged;
  });
  await page.mouse.up();
  return { p95: share(times, 0.95), max: Math.max(...times) };
}

/** The longest task while a step is moved by a key, and its answer comes. */
async function moveByKeys(page) {
  await focusStep(page, 'Step 2');
  await page.evaluate(() => {
    window.bench.tasks.length = 0;
  });
  await page.keyboard.press(']');
  await until(async () => {
    const number = await (await stepItem(page, 'Step 2')).$eval('.step-card-number', (element) => element.textContent);
    if (number !== '3') throw new Error(number);
  });
  await page.waitForNetworkIdle({ idleTime: 500 });
  const longest = await page.evaluate(() => Math.max(0, ...window.bench.tasks.map(({ duration }) => duration)));
  await page.keyboard.press('[');
  await page.waitForNetworkIdle({ idleTime: 500 });
  await waitForFocus(page, 'Step 2');
  return longest;
}

/** How long it takes from the address until the flow is drawn, with its code and its data. */
async function openFlow(page) {
  const start = performance.now();
  await page.locator('::-p-aria([name="Flow"][role="link"])').click();
  const there = await page.waitForSelector('.react-flow__node', { timeout: 10_000 }).catch(() => null);
  return there === null ? null : performance.now() - start;
}

function share(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function print() {
  const middle = (name) =>
    share(
      rounds.map((figures) => figures[name] ?? 0),
      0.5,
    );
  const ms = (name) => Math.round(middle(name));
  const frame = (name) => middle(name).toFixed(1);
  console.log(`| a board of ${STEPS.toLocaleString('en-US')} steps, median of ${ROUNDS} | at most | reached |`);
  console.log('|---|---|---|');
  console.log(`| first paint, ms | 500 | ${ms('paint')} |`);
  console.log(`| first column, which comes with all the others, ms | 700 | ${ms('column')} |`);
  console.log(`| long tasks while loading: number, longest in ms | 4, 200 | ${ms('taskCount')}, ${ms('taskMax')} |`);
  console.log(
    `| scrolling: frames p50, p95 in ms; long tasks | 17, 17; 0 | ${frame('scrollP50')}, ${frame('scrollP95')}; ${ms('scrollTasks')} |`,
  );
  console.log(`| dragging by mouse: frames p95, longest in ms | 17, 50 | ${frame('dragP95')}, ${frame('dragMax')} |`);
  console.log(`| moving by a key, longest task in ms | 50 | ${ms('moveMax') === 0 ? 'none ≥ 50' : ms('moveMax')} |`);
  console.log(`| elements in the document | 500 | ${ms('elements')} |`);
  console.log(`| from the board to the flow, ms | | ${ms('flow') === 0 ? 'not drawn' : ms('flow')} |`);
}
