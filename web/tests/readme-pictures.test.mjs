// The pictures of the README: the demo's pipeline, as the first minute shows it. README_PICTURES=../docs on a service
// with a new database writes them anew.

import path from 'node:path';
import { test } from 'node:test';
import { stepItem } from './support/board.mjs';
import { look, open, useBrowser, waitForText } from './support/browser.mjs';

const PIPELINE = '/pipelines/019a0000-0000-7000-8000-000000000301';

const tab = useBrowser();

test('the demo has a pipeline whose board and flow can be shown', async () => {
  await look(tab.page, { height: 640 });
  await open(tab.page, PIPELINE);
  await stepItem(tab.page, 'Proposta enviada');
  await waitForText(tab.page, '.toolbar', 'Live');
  await take('board');

  // Wide enough for all seven steps.
  await look(tab.page, { width: 1560, height: 600 });
  await open(tab.page, `${PIPELINE}?view=flow`);
  await tab.page.waitForSelector('.flow-picture[data-placed]');
  await waitForText(tab.page, '.flow-picture', 'Proposta enviada');
  await waitForText(tab.page, '.toolbar', 'Live');
  await take('flow');
});

async function take(name) {
  const folder = process.env.README_PICTURES;
  if (folder) await tab.page.screenshot({ path: path.join(folder, `${name}.png`) });
}
