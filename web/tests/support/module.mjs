// Imports a TypeScript module of the console that needs no browser.

import { runnerImport } from 'vite';

/** The exports of a module, by its path below `src/`. */
export async function sourceModule(path) {
  const file = new URL(`../../src/${path}`, import.meta.url).pathname;
  return (await runnerImport(file, { configFile: false, logLevel: 'error' })).module;
}
