// What tests of the board and the list see and do.

import assert from 'node:assert/strict';

/** The names of the steps that are drawn, in the order in which they stand. */
export function shownSteps(page) {
  return page.$$eval('.steps-item', (items) => {
    const place = (item) => {
      const { x, y } = item.getBoundingClientRect();
      return item.closest('.steps-board') ? x : y;
    };
    return items
      .map((item) => ({ at: place(item), name: item.querySelector('a')?.textContent }))
      .sort((a, b) => a.at - b.at)
      .map(({ name }) => name);
  });
}

/** Waits until exactly these steps are drawn, in this order. */
export async function waitForSteps(page, names) {
  await until(async () => assert.deepEqual(await shownSteps(page), names));
}

/** Waits until an assertion holds. Its last failure is the failure. */
export async function until(check, limitMs = 10_000) {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (failure) {
      if (Date.now() > end) throw failure;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The element of a step. */
export function stepItem(page, name) {
  return page.waitForSelector(`.steps-item[aria-label="Step: ${name}"]`);
}

/** Gives the focus to a step, as somebody does who has reached it by keys. */
export async function focusStep(page, name) {
  await (await stepItem(page, name)).focus();
  await waitForFocus(page, name);
}

/** Waits until a step has the focus itself, not something in it. */
export async function waitForFocus(page, name) {
  await until(async () => {
    const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    assert.equal(label, `Step: ${name}`);
  });
}

/** The names of the selected steps that are drawn. */
export function selectedSteps(page) {
  return page.$$eval('.steps-item[aria-selected="true"] a', (links) => links.map((link) => link.textContent));
}

/** Presses keys together, like `Control+z`. */
export async function keys(page, combination) {
  const parts = combination.split('+');
  const last = parts.pop();
  for (const part of parts) await page.keyboard.down(part);
  await page.keyboard.press(last);
  for (const part of parts.reverse()) await page.keyboard.up(part);
}

/** Chooses an entry of the menu of a step. */
export async function chooseInMenu(page, name, entry) {
  const item = await stepItem(page, name);
  await (await item.waitForSelector('.step-menu')).click();
  await page.locator(`::-p-aria([name="${entry}"][role="menuitem"])`).click();
}

/** Types into a field with suggestions, and takes one. */
export async function chooseOption(page, field, text, option) {
  await page.locator(`::-p-aria([name="${field}"][role="combobox"])`).fill(text);
  await page.locator(`::-p-aria([name="${option}"][role="option"])`).click();
  // It covers what is below the field until it has faded out.
  await page.waitForSelector('[role=listbox]', { hidden: true });
}

/** The middle of an element. */
export async function middleOf(element) {
  const { x, y, width, height } = await element.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}
