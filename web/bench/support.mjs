// A browser for measuring: alone, and with a record of frames and long tasks in each page.

import puppeteer from 'puppeteer-core';
import { TOKEN } from '../tests/support/api.mjs';
import { chromium, CONSOLE } from '../tests/support/browser.mjs';

/** Starts a browser, and closes it afterwards. `newPage` opens a tab in a context without stored data. */
export async function useBrowserAlone(work) {
  const browser = await puppeteer.launch({
    executablePath: chromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    await work(async () => {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport({ width: 1280, height: 800 });
      await page.evaluateOnNewDocument(record);
      return page;
    });
  } finally {
    await browser.close();
  }
}

/** Opens a page of the console in English, signed in. */
export async function open(page, view) {
  await page.evaluateOnNewDocument(() => localStorage.setItem('crm-steps:language', 'en'));
  await page.goto(`${CONSOLE}${view}#token=${TOKEN}`);
}

/** In the page: long tasks from the first one on, when the first column was drawn, and times between frames. */
function record() {
  const bench = { tasks: [], firstColumn: null };
  window.bench = bench;
  new PerformanceObserver((list) => bench.tasks.push(...list.getEntries())).observe({
    type: 'longtask',
    buffered: true,
  });
  bench.frames = (step) =>
    new Promise((resolve) => {
      const times = [];
      let last = performance.now();
      const frame = (now) => {
        times.push(now - last);
        last = now;
        if (step(now)) requestAnimationFrame(frame);
        else resolve(times.slice(1));
      };
      requestAnimationFrame(frame);
    });
  bench.share = (values, part) => [...values].sort((a, b) => a - b)[Math.floor(values.length * part)];
  const look = () => {
    if (document.querySelector('.steps-item') !== null) bench.firstColumn = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
