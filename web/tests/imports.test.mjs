// Which folder of the console imports which: features use what all share, and never each other's inside.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

const SRC = path.resolve(import.meta.dirname, '../src');

/** The folders below `src/` that files of a folder import. What is generated counts as part of its folder. */
const ALLOWED = {
  'main.tsx': ['app', 'messages', 'relay', 'ui'],
  features: ['app', 'messages', 'relay', 'rules', 'ui'],
  app: ['messages', 'relay', 'ui'],
  rules: ['relay'],
  ui: ['messages'],
  messages: [],
  relay: [],
  graphiql: [],
};

/** What else a file imports: static, or lazy where it is only by `import()`. */
const EXCEPTIONS = [
  // The routes are part of what every page loads; each loads its page by itself.
  ...['agents', 'board', 'history', 'people', 'pipelines', 'plan', 'simulate'].map((feature) => [
    'app/Routes.tsx',
    `features/${feature}/route`,
    'static',
  ]),
  // Signing in comes before any route.
  ['app/App.tsx', 'features/sign-in/SignInPage', 'lazy'],
  ['app/App.tsx', 'features/sign-in/SignedOutDialog', 'lazy'],
  // Pages that are composed of several features load the others when they are opened, …
  ['features/board/Pipeline.tsx', 'features/step/StepPanel', 'lazy'],
  ['features/simulate/SimulatePage.tsx', 'features/flow/FlowView', 'lazy'],
  ['features/step/StepForm.tsx', 'features/history/HistoryOfStep', 'lazy'],
  // … these two by a file of their own, which has the query and is itself loaded when it is opened.
  ['features/board/PipelineFlow.tsx', 'features/flow/FlowView', 'static'],
  ['features/board/PipelineProblems.tsx', 'features/problems/ProblemsPanel', 'static'],
  // A pipeline has the same commands in the list and on its own page.
  ['features/board/PipelineCommand.tsx', 'features/pipelines/DeleteDialog', 'static'],
  ['features/board/PipelineCommand.tsx', 'features/pipelines/usePipelineCommands', 'static'],
  ['features/board/RenameForm.tsx', 'features/pipelines/usePipelineCommands', 'static'],
  // Agents and people are the same screen: features/directory is their shared part, of which they use two files.
  ...['agents/AgentList.tsx', 'agents/AgentRow.tsx', 'agents/AgentsPage.tsx'].map(ofDirectory('')),
  ...['people/PeopleList.tsx', 'people/PeoplePage.tsx', 'people/PersonRow.tsx'].map(ofDirectory('')),
  ...['agents/AgentDialog.tsx', 'agents/RemoveAgent.tsx', 'agents/useAgentCommands.ts'].map(ofDirectory('/dialogs')),
  ...['people/PersonDialog.tsx', 'people/RemovePerson.tsx', 'people/usePersonCommands.ts'].map(ofDirectory('/dialogs')),
  // A field counts as the rules about its length do.
  ['ui/Field.tsx', 'rules/text', 'static'],
  // Both documents share the token of the tab.
  ['graphiql/App.tsx', 'app/token', 'static'],
  ['graphiql/main.tsx', 'app/token', 'static'],
].map((exception) => exception.join(' '));

function ofDirectory(file) {
  return (name) => [`features/${name}`, `features/directory${file}`, 'static'];
}

/** The imports of files in `src/` from one another, each with the path of both from there. */
const imports = readdirSync(SRC, { recursive: true })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('__generated__'))
  .flatMap((file) => importsOf(file, readFileSync(path.join(SRC, file), 'utf8')))
  .filter(({ to }) => !to.startsWith('..'));

function importsOf(file, code) {
  return [...code.matchAll(/\b(from|import)(\s*\(?\s*)'(\.[^']*)'/g)].map(([, , between, specifier]) => ({
    from: file,
    to: path.join(path.dirname(file), specifier),
    how: between.includes('(') ? 'lazy' : 'static',
  }));
}

/** The folder of a file: a feature is one of its own. */
function folderOf(file) {
  const [first, second] = file.split(path.sep);
  return first === 'features' ? `${first}/${second}` : first;
}

function isAllowed({ from, to }) {
  const folder = folderOf(from);
  return folder === folderOf(to) || ALLOWED[folder.split('/')[0]]?.includes(folderOf(to));
}

const others = imports.filter((one) => !isAllowed(one)).map(({ from, to, how }) => `${from} ${to} ${how}`);

describe('the folders of the console', () => {
  test('import only what is below them', () => {
    assert.ok(imports.length > 1000, `${imports.length} imports are found`);
    assert.deepEqual(
      others.filter((one) => !EXCEPTIONS.includes(one)),
      [],
    );
  });

  test('have no other exceptions than they need', () => {
    assert.deepEqual(
      EXCEPTIONS.filter((one) => !others.includes(one)),
      [],
    );
    const used = imports.map(({ from, to }) => [folderOf(from).split('/')[0], folderOf(to)].join(' '));
    const allowed = Object.entries(ALLOWED).flatMap(([from, all]) => all.map((to) => `${from} ${to}`));
    assert.deepEqual(
      allowed.filter((one) => !used.includes(one)),
      [],
    );
  });
});
