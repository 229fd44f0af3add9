// How each screen is looked at: in both schemes, on phones and desktops.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, look, LOOKS, overflow, picture } from './browser.mjs';

/** Checks that a screen, as it is now, has no violations and is not wider than the window, and takes its picture. */
export async function checkScreen(page, name) {
  assert.deepEqual(await axe(page), [], name);
  assert.equal(await overflow(page), 0, `${name} is wider than the window`);
  await picture(page, name);
}

/** Checks a screen that stays the same in all schemes and widths. */
export async function checkLooks(page, name) {
  for (const { scheme, width } of LOOKS) {
    await look(page, { scheme, width });
    await checkScreen(page, `${name}-${scheme}-${width}`);
  }
}

/** A test for each scheme and width. `run` gets the page, and what to add to the names of its screens. */
export function testLooks(title, tab, run) {
  for (const { scheme, width } of LOOKS) {
    test(`${title}: ${scheme}, ${width} px`, async () => {
      await look(tab.page, { scheme, width });
      await run(tab.page, `${scheme}-${width}`);
    });
  }
}
