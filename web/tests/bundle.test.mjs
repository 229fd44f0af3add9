// How much JavaScript the first load of the board needs. The build before it has to be that of this source.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const DIST = path.resolve(import.meta.dirname, '../dist');
const MANIFEST = JSON.parse(readFileSync(path.join(DIST, 'manifest.json'), 'utf8'));

const LIMIT_KIB = 240;

/** What the console loads on every page. */
const SCRIPTS = [...readFileSync(path.join(DIST, 'index.html'), 'utf8').matchAll(/<script [^>]*src="\/([^"]+)"/g)];

/** The page with the board, and the messages of one language. */
const NEEDED = ['src/features/board/PipelinePage.tsx', 'src/messages/pt-BR.ts'];

/** All that is loaded before the board is drawn. */
const files = new Set([...SCRIPTS.map(([, name]) => chunkInto(name)), ...NEEDED.map(chunkOf)].flatMap((chunk) => filesOf(chunk)));

test(`the board loads at most ${LIMIT_KIB} KiB of compressed JavaScript before it is drawn`, (context) => {
  const sizes = [...files].map((file) => ({
    file,
    bytes: gzipSync(readFileSync(path.join(DIST, file)), { level: 9 }).length,
  }));
  sizes.sort((a, b) => b.bytes - a.bytes);
  for (const { file, bytes } of sizes) context.diagnostic(`${kib(bytes).toFixed(1).padStart(6)} KiB ${file}`);
  const total = kib(sizes.reduce((sum, { bytes }) => sum + bytes, 0));
  context.diagnostic(`${total.toFixed(1).padStart(6)} KiB in all`);
  assert.ok(total <= LIMIT_KIB, `${total.toFixed(1)} KiB`);
});

test('the board is drawn without what belongs to other parts of the console', () => {
  const code = [...files].map((file) => readFileSync(path.join(DIST, file), 'utf8')).join('\n');
  // Words that the packages of the flow, of pipeline files and of GraphiQL's editor have in their code.
  for (const word of ['react-flow__', 'YAMLParseError', 'monaco']) assert.ok(!code.includes(word), word);
  for (const source of ['src/features/step/StepPanel.tsx', 'src/ui/overlayParts.ts']) {
    assert.ok(!files.has(chunkOf(source).file), source);
  }
});

/** The chunk in this file. */
function chunkInto(name) {
  return Object.values(MANIFEST).find(({ file }) => file === name);
}

/** The chunk that a source file is the entry of; of messages the one that has them. */
function chunkOf(source) {
  const chunk = MANIFEST[source] ?? Object.values(MANIFEST).find(({ src }) => src === source);
  assert.ok(chunk, `${source} is an entry of the build`);
  return chunk;
}

/** The file of a chunk and of everything that it imports statically: of what is loaded before it runs. */
function filesOf(chunk, seen = new Set()) {
  if (seen.has(chunk)) return [];
  seen.add(chunk);
  const imported = (chunk.imports ?? []).flatMap((name) => filesOf(MANIFEST[name], seen));
  return [chunk.file, ...imported].filter((file) => file.endsWith('.js'));
}

function kib(bytes) {
  return bytes / 1024;
}
