// Which versions of an object a tab has made by itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceModule } from './support/module.mjs';

const { keepOwnVersion, ownVersion } = await sourceModule('app/ownVersions.ts');

test('a version is followed through what this tab has made of it', () => {
  keepOwnVersion('a', 1, 2);
  keepOwnVersion('a', 2, 3);
  keepOwnVersion('b', 3, 4);
  assert.equal(ownVersion('a', 1), 3);
  assert.equal(ownVersion('a', 2), 3);
  assert.equal(ownVersion('a', 3), 3, 'versions of other objects do not count');
  assert.equal(ownVersion('unknown', 7), 7);
});

test('a change by somebody else ends it', () => {
  keepOwnVersion('c', 1, 2);
  // Version 3 was made elsewhere.
  keepOwnVersion('c', 3, 4);
  assert.equal(ownVersion('c', 1), 2);
});

test('a version that does not rise is not kept', () => {
  keepOwnVersion('d', 5, 5);
  assert.equal(ownVersion('d', 5), 5);
});
