// The colours: WCAG 2.2 asks for 4.5 : 1 between text and what it stands on, and for 3 : 1 at the edges of what can be
// operated and at the ring of the focus.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

const root = new URL('../', import.meta.url);
const css = readFileSync(new URL('src/ui/tokens.css', root), 'utf8');

/** The colours of a scheme, by name. */
function coloursOf(scheme) {
  const colours = new Map();
  for (const [, name, value] of css.matchAll(/--color-([\w-]+):\s*([^;]+);/g)) {
    const both = /^light-dark\((#\w{6}), (#\w{6})\)$/.exec(value);
    const hex = both?.[scheme === 'light' ? 1 : 2] ?? /^#\w{6}$/.exec(value)?.[0];
    if (hex !== undefined) colours.set(name, hex);
  }
  return colours;
}

function luminanceOf(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrastOf(one, other) {
  const [light, dark] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ['sunken', 'page', 'surface', 'raised'];
/** Surfaces while something points at them, and those of what is chosen. */
const STATES = ['hover', 'pressed', 'selected'];

/** What stands on what, by the contrast that it needs. */
const PAIRS = [
  ...pairs(['text', 'text-muted', 'accent-text', 'danger-text'], [...SURFACES, ...STATES], 4.5),
  ...pairs(['warning-text', 'success-text'], SURFACES, 4.5),
  ...['accent', 'danger', 'warning', 'success'].flatMap((tone) =>
    pairs([`${tone}-text`, 'text'], [`${tone}-soft`], 4.5),
  ),
  ...pairs(['text'], ['selection'], 4.5),
  ...pairs(['text-muted'], ['accent-soft', 'danger-soft', 'warning-soft', 'success-soft'], 4.5),
  ...pairs(['on-accent'], ['accent', 'accent-hover', 'accent-pressed'], 4.5),
  ...pairs(['on-danger'], ['danger', 'danger-hover', 'danger-pressed'], 4.5),
  // What cannot be operated is exempt, and should still be legible.
  ...pairs(['text-disabled'], [...SURFACES, 'hover'], 3),
  ...pairs(['icon-disabled'], [...SURFACES, 'hover'], 2),
  // The two are told from each other where nothing but the icon says it.
  ...pairs(['text-muted', 'text'], ['icon-disabled'], 2.5),
  ...pairs(['border-control', 'focus'], [...SURFACES, ...STATES], 3),
  ...pairs(['accent', 'danger'], SURFACES, 3),
  ...pairs(['focus'], ['danger-soft', 'accent-soft'], 3),
];

function pairs(above, below, least) {
  return above.flatMap((one) => below.map((other) => [one, other, least]));
}

for (const scheme of ['light', 'dark']) {
  describe(`in the ${scheme} scheme`, () => {
    const colours = coloursOf(scheme);

    test('what stands on something can be told from it', () => {
      const tooClose = PAIRS.flatMap(([one, other, least]) => {
        assert.ok(colours.has(one) && colours.has(other), `${one} or ${other} is no colour`);
        const contrast = contrastOf(colours.get(one), colours.get(other));
        return contrast < least ? [`${one} on ${other}: ${contrast.toFixed(2)}, at least ${least}`] : [];
      });
      assert.deepEqual(tooClose, []);
    });

    test('each colour of text, surfaces and edges is in a pair', () => {
      const tested = new Set(PAIRS.flatMap(([one, other]) => [one, other]));
      // A line that only separates needs no contrast.
      const others = [...colours.keys()].filter((name) => !tested.has(name) && name !== 'border');
      assert.deepEqual(others, []);
    });
  });
}

describe('each style sheet of the console', () => {
  const files = readdirSync(new URL('src/', root), { recursive: true }).filter(
    (name) => !/graphiql|__generated__/.test(name),
  );
  const sheets = files.filter((name) => name.endsWith('.css') && !name.endsWith('tokens.css'));
  // Set by a style sheet or by a component; the first ones are React Aria's.
  const known = new Set(['--trigger-width', '--visual-viewport-height', '--page-height', '--page-width']);
  for (const name of files.filter((file) => /\.(?:css|tsx?)$/.test(file))) {
    const source = readFileSync(new URL(`src/${name}`, root), 'utf8');
    for (const [, property] of source.matchAll(/(--[\w-]+)['"]?\s*:/g)) known.add(property);
  }

  for (const name of sheets) {
    const sheet = readFileSync(new URL(`src/${name}`, root), 'utf8').replaceAll(/\/\*.*?\*\//gs, '');

    test(`${name} takes its colours from the tokens`, () => {
      assert.deepEqual(sheet.match(/#[\da-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch|light-dark)\(/gi) ?? [], []);
    });

    test(`${name} uses no property that nobody sets`, () => {
      const used = [...sheet.matchAll(/var\((--[\w-]+)/g)].map(([, property]) => property);
      assert.deepEqual(
        used.filter((property) => !known.has(property)),
        [],
      );
    });
  }
});
