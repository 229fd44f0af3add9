// How fast the board and the flow of 1,000 steps are: figures for bench/RESULTS.md, never a gate. The service has to run as it is
// released; CRM_STEPS_URL and CRM_STEPS_TOKEN name it and a token, CHROMIUM the browser unless it is on PATH, and
// ROUNDS how often to measure (5). Everything else on the machine should rest.
//
//     node bench/board.mjs

import { open, useBrowserAlone } from './support.mjs';
import { sourceModule } from '../tests/support/module.mjs';
import { anAgent, manySteps, newPipeline } from '../tests/support/pipeline.mjs';
import { focusStep, middleOf, stepItem, until, waitForFocus } from '../tests/support/board.mjs';

const STEPS = 1000;
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SCROLL_MS = 2500;
const FLOW = '.flow-picture[data-placed]';

const { pictureOf } = await sourceModule('features/flow/picture.ts');

const agent = await anAgent();
const steps = manySteps(STEPS, agent.id);
steps[3].prompt = 'Answer politely. '.repeat(1200).slice(0, 19_900);
const pipeline = await newPipeline({ name: `A board of ${STEPS} steps`, steps });
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
  const typing = await typeIntoPrompt(page);
  const flow = await openFlow(page);
  elements.push(await countElements(page));
  const pan = await panFlow(page);
  elements.push(await countElements(page));
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
    typing,
    flow,
    panP50: pan.p50,
    panP95: pan.p95,
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

/** The longest time from a key to the frame after it, while one types into a prompt of 19,900 characters. */
async function typeIntoPrompt(page) {
  await focusStep(page, 'Step 4');
  await page.keyboard.press('Enter');
  const prompt = await page.waitForSelector('::-p-aria([name="Prompt"][role="textbox"])');
  await prompt.focus();
  await page.waitForNetworkIdle({ idleTime: 500 });
  await prompt.evaluate((element) => {
    window.bench.delays = [];
    element.addEventListener('keydown', () => {
      const start = performance.now();
      // The callback runs before the frame is drawn, the message after it.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.bench.delays.push(performance.now() - start);
        port2.postMessage(null);
      });
    });
  });
  await page.keyboard.type('Ask for the name of the city. '.repeat(2), { delay: 50 });
  const delays = await page.evaluate(() => window.bench.delays);
  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { hidden: true });
  return Math.max(...delays);
}

/** How long it takes from the board until the flow is placed: its code and data have been loaded before. */
async function openFlow(page) {
  const change = async (name, selector) => {
    await page.locator(`::-p-aria([name="${name}"][role="link"])`).click();
    await page.waitForSelector(selector);
  };
  await change('Flow', FLOW);
  await change('Board', '.steps-item');
  await page.waitForNetworkIdle({ idleTime: 500 });
  return page.evaluate(async (flow) => {
    const link = [...document.querySelectorAll('a')].find(({ textContent }) => textContent === 'Flow');
    const start = performance.now();
    link.click();
    await window.bench.frames(() => document.querySelector(flow) === null);
    return performance.now() - start;
  }, FLOW);
}

/** The times between frames while a mouse drags the picture to the left and back. */
async function panFlow(page) {
  const { x, y, width, height } = await (await page.waitForSelector('.flow-picture')).boundingBox();
  const at = { x: x + width * 0.8, y: y + height * 0.9 };
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.evaluate(() => {
    window.bench.isDragging = true;
    window.bench.dragged = window.bench.frames(() => window.bench.isDragging);
  });
  await page.mouse.move(at.x - width * 0.7, at.y, { steps: 60 });
  await page.mouse.move(at.x, at.y, { steps: 60 });
  const times = await page.evaluate(() => {
    window.bench.isDragging = false;
    return window.bench.dragged;
  });
  await page.mouse.up();
  return { p50: share(times, 0.5), p95: share(times, 0.95) };
}

/** The middle of the times that the layout of the flow takes. */
function timeLayout() {
  const step = (_, at) => ({ id: `${at}`, name: `Step ${at}`, autoNextStepId: `${at + 1}` });
  const edge = (_, from) => ({ from, to: (from * 7) % STEPS, delaySeconds: 60, isBackward: from % 7 > 3, lane: from % 9 });
  const steps = Array.from({ length: STEPS }, step);
  const edges = Array.from({ length: STEPS }, edge);
  const times = Array.from({ length: 21 }, () => {
    const start = performance.now();
    pictureOf(steps, edges, []);
    return performance.now() - start;
  });
  return share(times, 0.5);
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
  console.log(`| typing into a prompt of 19,900 characters, longest from a key to its frame in ms | 50 | ${ms('typing')} |`);
  console.log(`| elements in the document | 500 | ${ms('elements')} |`);
  console.log(`| flow: layout, ms | 10 | ${timeLayout().toFixed(1)} |`);
  console.log(`| flow: from the board until it is placed, ms | 150 | ${ms('flow')} |`);
  console.log(`| flow: frames p50, p95 while it is dragged, ms | 17, 50 | ${frame('panP50')}, ${frame('panP95')} |`);
}
