// The command palette, the list of shortcuts and the settings, on each screen.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CONSOLE, find, open, press, useBrowser, waitForText } from './support/browser.mjs';
import { checkScreen, testLooks } from './support/looks.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';

const tab = useBrowser();

async function combination(page, modifier, key) {
  await page.keyboard.down(modifier);
  await page.keyboard.press(key);
  await page.keyboard.up(modifier);
}

const isOpen = (page, name) => find(page, name, 'dialog');
const isGone = (page) => page.waitForFunction(() => document.querySelector('[role="dialog"]') === null);

describe('the palette', () => {
  test('opens by keys, finds a command by its name and runs it', async () => {
    const { page } = tab;
    await open(page);
    await combination(page, 'Control', 'k');
    await isOpen(page, 'Commands');
    await page.keyboard.type('keyb');
    await find(page, 'Keyboard shortcuts', 'option');
    await page.keyboard.press('Enter');
    await isOpen(page, 'Keyboard shortcuts');
  });

  test('leads to the other screens', async () => {
    const { page } = tab;
    await open(page);
    await combination(page, 'Control', 'k');
    await isOpen(page, 'Commands');
    await page.keyboard.type('go to plan');
    await find(page, 'Plan from a file', 'option');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.pathname === '/console/plan');
  });

  test('says when nothing is found, and gives the focus back when it is closed', async () => {
    const { page } = tab;
    await open(page);
    await page.focus('.frame-account');
    await combination(page, 'Control', 'k');
    await isOpen(page, 'Commands');
    await page.keyboard.type('qqq');
    await waitForText(page, '[role="dialog"]', 'No command has this name.');
    await page.keyboard.press('Escape');
    await isGone(page);
    await page.waitForFunction(() => document.activeElement?.classList.contains('frame-account'));
  });
});

describe('shortcuts', () => {
  test('are listed by ?', async () => {
    const { page } = tab;
    await open(page);
    await page.keyboard.type('?');
    await isOpen(page, 'Keyboard shortcuts');
    await waitForText(page, '[role="dialog"]', 'Commands');
  });

  test('of a single key do nothing once they are switched off, also after a reload', async () => {
    const { page } = tab;
    await open(page);
    await openSettings(page);
    const singleKeys = await find(page, 'Single-letter shortcuts', 'switch');
    await singleKeys.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await isGone(page);
    await page.reload();
    await page.waitForSelector('h1');
    await page.keyboard.type('?');
    await combination(page, 'Control', 'k');
    // The palette, and not the list that was asked for before it.
    await isOpen(page, 'Commands');
    assert.equal((await page.$$('[role="dialog"]')).length, 1);
  });
});

async function openSettings(page) {
  await page.click('.frame-account');
  await press(page, 'Settings', 'menuitem');
  await isOpen(page, 'Settings');
}

describe('the settings', () => {
  test('change the language at once, and keep it', async () => {
    const { page } = tab;
    await open(page);
    await openSettings(page);
    await page.click('[role="dialog"] .picker-button');
    await press(page, 'Português (Brasil)', 'option');
    await isOpen(page, 'Configurações');
    assert.equal(await page.$eval('html', (root) => root.lang), 'pt-BR');
    await page.keyboard.press('Escape');
    await isGone(page);
    await page.reload();
    await waitForText(page, 'nav', 'Pessoas');
  });

  test('change the colours at once in all tabs, and keep them', async () => {
    const { page } = tab;
    await open(page);
    const other = await tab.newPage();
    await other.goto(CONSOLE);
    await page.bringToFront();
    await openSettings(page);
    const dark = await find(page, 'Dark', 'radio');
    await dark.focus();
    await page.keyboard.press('Space');
    const isDark = () => getComputedStyle(document.documentElement).colorScheme === 'dark';
    await page.waitForFunction(isDark);
    await page.reload();
    await page.waitForFunction(isDark);
    // A tab in the background draws nothing, which is what waiting looks at.
    await other.bringToFront();
    await other.waitForFunction(isDark);
  });
});

test('no text of the frame and its windows is without a translation', async () => {
  const { page } = tab;
  await usePseudoLocale(page);
  await open(page);
  await page.waitForSelector('.frame-account');
  await page.click('.frame-account');
  await page.waitForSelector('[role="menu"]');
  assert.deepEqual(await untranslated(page), []);
  await page.keyboard.press('Escape');
  for (const keys of ['?', 'k']) {
    if (keys === 'k') await combination(page, 'Control', 'k');
    else await page.keyboard.type(keys);
    await page.waitForSelector('[role="dialog"]');
    assert.deepEqual(await untranslated(page), []);
    await page.keyboard.press('Escape');
    await isGone(page);
  }
});

describe('the windows', () => {
  testLooks('are accessible', tab, async (page, suffix) => {
    await open(page);
    const windows = [
      ['palette', () => combination(page, 'Control', 'k')],
      ['shortcuts', () => page.keyboard.type('?')],
      ['settings', () => openSettings(page)],
    ];
    for (const [name, show] of windows) {
      await show();
      await page.waitForSelector('[role="dialog"]');
      await checkScreen(page, `${name}-${suffix}`);
      await page.keyboard.press('Escape');
      await isGone(page);
    }
  });
});
