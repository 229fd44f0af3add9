// The list of pipelines: what it shows, what can be done with a pipeline as a whole, and that it is live.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { graphql } from './support/api.mjs';
import { fill, find, focused, intercept, open, picture, press, useBrowser, waitForText } from './support/browser.mjs';
import { checkScreen, testLooks } from './support/looks.mjs';
import { untranslated, usePseudoLocale } from './support/pseudo.mjs';
import { newOrganization, newToken } from './support/tokens.mjs';

const tab = useBrowser();

test('shows each pipeline with its first steps, its problems and when it was changed, as a link', async () => {
  const { page } = tab;
  const token = newToken();
  const id = await newPipeline(token, 'Vendas', [
    { name: 'Novo lead', prompt: 'a', autoNextTime: 36, autoNextTimeUnit: 'h' },
    { name: 'Qualificação', prompt: 'b' },
    { name: 'Fim', prompt: 'c', isConversationRemovalStep: true },
    ...Array.from({ length: 7 }, (_, index) => ({ name: `Passo ${index}`, prompt: 'd' })),
  ]);
  await newPipeline(token, 'Suporte', []);
  const { crmScenario } = await graphql(
    `
      query ($id: ID!) {
        crmScenario(id: $id) {
          stepsUpdatedAt
          diagnosticCounts {
            errors
            warnings
          }
        }
      }
    `,
    { id },
    token,
  );
  const { errors, warnings } = crmScenario.diagnosticCounts;

  await open(page, '/', token);
  await waitForText(page, 'main', 'Vendas');
  const [support, sales] = await page.$$eval('.pipeline-row', (rows) => rows.map((row) => row.innerText));
  assert.match(support, /^Suporte\s+No steps yet\s+Changed now/);
  assert.match(sales, /^Vendas\s+10 steps/);
  assert.match(sales, new RegExp(`${errors + warnings} problems`));
  assert.match(sales, /Novo lead\s+36\sh\s+moves on after 36 hours\s+Qualificação/);
  assert.match(sales, /Fim\s+takes the conversation out/);
  assert.match(sales, /Passo 4\s+·\s+\+2/);
  assert.doesNotMatch(sales, /Passo 5/);
  assert.equal(
    await page.$eval('.pipeline-row:nth-child(2) time', (time) => time.dateTime),
    crmScenario.stepsUpdatedAt,
  );
  assert.equal(await page.$eval('.pipeline-row:nth-child(2) a', (link) => link.pathname), `/console/pipelines/${id}`);
  await picture(page, 'pipelines');

  // Pressing anywhere on the row follows its link.
  await page.locator('.pipeline-row:nth-child(2) .pipeline-chain').click();
  await page.waitForFunction((id) => location.pathname.endsWith(id), {}, id);
});

test('says where a timer leads that skips steps', async () => {
  const { page } = tab;
  const token = newToken();
  const id = await newPipeline(token, 'Vendas', [
    { name: 'A', prompt: 'a', autoNextTime: 2, autoNextTimeUnit: 'd' },
    { name: 'B', prompt: 'b' },
    { name: 'C', prompt: 'c' },
  ]);
  const { crmScenario } = await graphql(
    'query ($id: ID!) { crmScenario(id: $id) { steps { nodes { id } } } }',
    { id },
    token,
  );
  const [first, , last] = crmScenario.steps.nodes;
  await graphql(
    'mutation ($id: ID!, $to: ID!) { updateCrmStep(id: $id, input: { autoNextStepId: $to }) { userErrors { code } } }',
    { id: first.id, to: last.id },
    token,
  );
  await open(page, '/', token);
  await waitForText(page, '.pipeline-chain', 'after 2 days to C');
  assert.equal(await page.$('.pipeline-chain-arrow'), null);
  await page.locator('.pipeline-chain-elsewhere').click();
  await page.waitForFunction((id) => location.pathname.endsWith(id) && location.search === '?view=flow', {}, id);
});

test('shows more on demand, and finds by name', async () => {
  const { page } = tab;
  const token = newToken();
  for (let index = 0; index < 32; index += 1) await newPipeline(token, `Pipeline ${index}`);
  await open(page, '/', token);
  await waitForText(page, 'main', '32 pipelines');
  assert.equal((await page.$$('.pipeline-row')).length, 30);
  await press(page, 'Show more');
  await waitForText(page, 'main', 'Pipeline 0');
  assert.equal((await page.$$('.pipeline-row')).length, 32);

  await page.keyboard.press('Escape');
  await page.focus('h1');
  await page.keyboard.press('/');
  assert.deepEqual(await focused(page), { role: 'searchbox', name: 'Find pipelines' });
  await page.keyboard.type('line 3');
  await waitForText(page, 'main', '3 pipelines found');
  assert.deepEqual(await page.$$eval('.pipeline-row h2', (names) => names.map((name) => name.innerText)), [
    'Pipeline 31',
    'Pipeline 30',
    'Pipeline 3',
  ]);
  await page.waitForFunction(() => location.search === '?q=line+3');
  await page.reload();
  await waitForText(page, 'main', '3 pipelines found');

  await fill(page, 'Find pipelines', 'nowhere');
  await waitForText(page, 'main', 'Nothing was found for “nowhere”.');
  await picture(page, 'pipelines-nothing-found');
  await press(page, 'Show all pipelines');
  await waitForText(page, 'main', '32 pipelines');
  await page.waitForFunction(() => location.search === '');
});

test('an organization without pipelines is told what they are, and how to make the first', async () => {
  const { page } = tab;
  await open(page, '/', newToken());
  await find(page, 'No pipelines yet', 'heading');
  await checkScreen(page, 'pipelines-empty');
  await press(page, 'or import a sample', 'link');
  await page.waitForFunction(() => location.pathname === '/console/plan');
});

test('creates a pipeline by keys alone, and undoes it', async () => {
  const { page } = tab;
  const token = newToken();
  await open(page, '/', token);
  await find(page, 'No pipelines yet', 'heading');
  await page.keyboard.press('n');
  await find(page, 'New pipeline', 'dialog');
  await checkScreen(page, 'pipelines-create');

  // What the service would reject is said before anything is sent.
  const requests = tab.requests.length;
  await page.keyboard.press('Enter');
  await waitForText(page, '[role=dialog]', 'This is blank.');
  await page.keyboard.type('x'.repeat(256));
  await waitForText(page, '[role=dialog]', '256/255');
  await page.keyboard.press('Enter');
  await waitForText(page, '[role=dialog] form', '256');
  assert.equal(tab.requests.length, requests);
  await picture(page, 'pipelines-create-errors');
  // U+FEFF is white space to `trim()`, and not to the service.
  await fill(page, 'Name', '\ufeffab ');
  await waitForText(page, '[role=dialog]', '3/255');
  await fill(page, 'Name', '  Vendas  ');
  await waitForText(page, '[role=dialog]', '6/255');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.pathname.startsWith('/console/pipelines/'));
  assert.deepEqual(await namesOf(token), ['Vendas']);

  await press(page, 'Pipelines', 'link');
  await waitForText(page, 'main', 'Vendas');
  await control(page, 'z');
  await find(page, 'No pipelines yet', 'heading');
  assert.deepEqual(await namesOf(token), []);
  await control(page, 'Z', 'Shift');
  await waitForText(page, 'main', 'Vendas');
  assert.deepEqual(await namesOf(token), ['Vendas']);
});

test('renames a pipeline, and takes it back and again', async () => {
  const { page } = tab;
  const token = newToken();
  await newPipeline(token, 'Vendas');
  await open(page, '/', token);
  await choose(page, 'Vendas', 'Rename…');
  await find(page, 'Rename pipeline', 'dialog');
  await fill(page, 'Name', 'Vendas 2027');
  await page.keyboard.press('Enter');
  await waitForText(page, '.pipeline-list', 'Vendas 2027');
  await page.waitForFunction(() => document.querySelector('[role=dialog]') === null);
  await press(page, 'Undo: Rename to “Vendas 2027”');
  await waitForText(page, '.pipeline-list', '2027', { isGone: true });
  assert.deepEqual(await namesOf(token), ['Vendas']);
  await press(page, 'Redo: Rename to “Vendas 2027”');
  await waitForText(page, '.pipeline-list', 'Vendas 2027');
  assert.deepEqual(await namesOf(token), ['Vendas 2027']);

  // Undoing the last one makes a version, which the undo of the one before expects.
  await choose(page, 'Vendas 2027', 'Rename…');
  await fill(page, 'Name', 'Vendas 2028');
  await page.keyboard.press('Enter');
  await find(page, 'Undo: Rename to “Vendas 2028”', 'button');
  await control(page, 'z');
  await control(page, 'z');
  await waitForText(page, '.pipeline-list', '20', { isGone: true });
  assert.deepEqual(await namesOf(token), ['Vendas']);
});

test('says that somebody else has renamed it meanwhile, and replaces that only when told so', async () => {
  const { page } = tab;
  const organization = newOrganization();
  const token = newToken({ organization });
  const id = await newPipeline(token, 'Vendas');
  await open(page, '/', token);
  await choose(page, 'Vendas', 'Rename…');
  await fill(page, 'Name', 'Mine');
  let isFirst = true;
  await intercept(page, async ({ operationName }) => {
    if (operationName !== 'mutationsRenameMutation' || !isFirst) return null;
    isFirst = false;
    await rename(newToken({ organization, name: 'other' }), id, 'Theirs');
    return null;
  });
  await page.keyboard.press('Enter');
  await waitForText(page, '[role=dialog]', 'Someone has renamed it to “Theirs” meanwhile.');
  await checkScreen(page, 'pipelines-rename-conflict');
  assert.deepEqual(await namesOf(token), ['Theirs']);
  await press(page, 'Rename');
  await waitForText(page, '.pipeline-list', 'Mine');
  assert.deepEqual(await namesOf(token), ['Mine']);
});

test('an undo that would overwrite the change of another token is refused, and says whose it is', async () => {
  const { page } = tab;
  const organization = newOrganization();
  const token = newToken({ organization });
  const id = await newPipeline(token, 'Vendas');
  await open(page, '/', token);
  await choose(page, 'Vendas', 'Rename…');
  await fill(page, 'Name', 'Mine');
  await page.keyboard.press('Enter');
  await waitForText(page, '.pipeline-list', 'Mine');
  await rename(newToken({ organization, name: 'painel' }), id, 'Theirs');
  await waitForText(page, '.pipeline-list', 'Theirs');
  await press(page, 'Undo: Rename to “Mine”');
  await waitForText(page, '.toasts', '“Rename to “Mine”” cannot be undone: the token “painel” has changed it since.');
  await picture(page, 'pipelines-undo-stale');
  assert.deepEqual(await namesOf(token), ['Theirs']);
  await press(page, 'Show changes');
  await page.waitForFunction((id) => location.pathname === `/console/pipelines/${id}/history`, {}, id);
});

test('duplicates a pipeline with its steps, and takes it back from the notice', async () => {
  const { page } = tab;
  const token = newToken();
  await newPipeline(token, 'Vendas', [{ name: 'Novo lead', prompt: 'a' }]);
  await open(page, '/', token);
  await choose(page, 'Vendas', 'Duplicate');
  await waitForText(page, '.toasts', 'Duplicated as “');
  assert.deepEqual(await page.$$eval('.pipeline-chain-name', (names) => names.map((name) => name.innerText)), [
    'Novo lead',
    'Novo lead',
  ]);
  await picture(page, 'pipelines-duplicated');
  await page.locator('.toasts ::-p-aria([name="Undo"])').click();
  await waitForText(page, 'main', '1 pipeline');
  assert.deepEqual(await namesOf(token), ['Vendas']);
});

test('says how many steps are deleted with a pipeline, and brings all of them back', async () => {
  const { page } = tab;
  const token = newToken();
  await newPipeline(token, 'First', []);
  const id = await newPipeline(token, 'Vendas', [
    { name: 'A', prompt: 'a' },
    { name: 'B', prompt: 'b' },
  ]);
  await newPipeline(token, 'Last', []);
  await open(page, '/', token);
  await choose(page, 'Vendas', 'Delete…');
  await waitForText(page, '[role=alertdialog]', 'Its 2 steps are deleted with it.');
  assert.deepEqual(await focused(page), { role: 'button', name: 'Cancel' });
  await checkScreen(page, 'pipelines-delete');

  // Somebody adds a step while the question is open.
  await newStep(token, id, { name: 'C', prompt: 'c' });
  await waitForText(page, '[role=alertdialog]', 'Its 3 steps are deleted with it.');
  await press(page, 'Delete with 3 steps');
  await waitForText(page, '.toasts', '“Vendas” deleted');
  await waitForText(page, '.pipeline-list', 'Vendas', { isGone: true });
  await page.waitForFunction(() => document.activeElement?.textContent === 'First');
  assert.deepEqual(await namesOf(token), ['First', 'Last']);

  await control(page, 'z');
  await waitForText(page, '.pipeline-list', 'Vendas');
  const { crmScenario } = await graphql(
    'query ($id: ID!) { crmScenario(id: $id) { steps { nodes { name } } } }',
    { id },
    token,
  );
  assert.deepEqual(
    crmScenario.steps.nodes.map(({ name }) => name),
    ['A', 'B', 'C'],
  );
});

test('finds deleted pipelines again, without those that were restored', async () => {
  const { page } = tab;
  const token = newToken();
  await newPipeline(token, 'Kept');
  const id = await newPipeline(token, 'Vendas', [{ name: 'A', prompt: 'a' }]);
  const back = await newPipeline(token, 'Back');
  await usePseudoLocale(page);
  await open(page, '/', token);
  await press(page, '⟦Deleted pipelines⟧');
  await waitForText(page, '[role=dialog]', '⟦No pipeline is deleted⟧');
  assert.deepEqual(await untranslated(page), []);
  await press(page, '⟦Close⟧');

  for (const [of, steps] of [
    [id, 1],
    [back, 0],
  ])
    await remove(token, of, steps);
  await restore(token, id);
  await remove(token, id, 1);
  await restore(token, back);
  await press(page, '⟦Deleted pipelines⟧');
  await waitForText(page, '[role=dialog]', 'Vendas');
  assert.deepEqual(await untranslated(page), []);
  await checkScreen(page, 'pipelines-deleted');
  assert.deepEqual(await page.$$eval('[role=dialog] li a', (links) => links.map((link) => link.innerText)), ['Vendas']);
  await press(page, 'Vendas', 'link');
  await page.waitForFunction((id) => location.pathname.endsWith(id), {}, id);
  await press(page, '⟦Restore⟧');
  await find(page, 'Vendas', 'heading');
});

test('saves a pipeline as a file', async () => {
  const { page } = tab;
  const token = newToken();
  await newPipeline(token, 'Vendas 2027', [{ name: 'Novo lead', prompt: 'a' }]);
  const folder = await mkdtemp(path.join(tmpdir(), 'console-'));
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: folder,
    browserContextId: tab.context.id,
    eventsEnabled: true,
  });
  const saved = new Promise((resolve) => {
    session.on('Browser.downloadProgress', ({ state }) => state === 'completed' && resolve());
  });
  await open(page, '/', token);
  await choose(page, 'Vendas 2027', 'Export');
  await saved;
  await waitForText(page, '.toasts', 'vendas-2027.yaml saved');
  assert.deepEqual(await readdir(folder), ['vendas-2027.yaml']);
  await rm(folder, { recursive: true });
});

test('shows what others do as it happens', async () => {
  const { page } = tab;
  const token = newToken();
  const id = await newPipeline(token, 'Vendas', []);
  await open(page, '/', token);
  await waitForText(page, '.pipeline-list', 'No steps yet');

  await newStep(token, id, { name: 'Novo lead', prompt: 'a' });
  await waitForText(page, '.pipeline-list', 'Novo lead');
  await waitForText(page, '.pipeline-list', '1 step');
  await rename(token, id, 'Vendas 2027');
  await waitForText(page, '.pipeline-list', 'Vendas 2027');
  const second = await newPipeline(token, 'Suporte', []);
  await waitForText(page, '.pipeline-list', 'Suporte');
  await waitForText(page, 'main', '2 pipelines');
  await remove(token, second, 0);
  await waitForText(page, '.pipeline-list', 'Suporte', { isGone: true });
  await remove(token, id, 1);
  await find(page, 'No pipelines yet', 'heading');
});

test('misses nothing that happens while the connection is lost', async () => {
  const { page } = tab;
  const token = newToken();
  const id = await newPipeline(token, 'Vendas', []);
  await open(page, '/', token);
  await newStep(token, id, { name: 'Novo lead', prompt: 'a' });
  await waitForText(page, '.pipeline-list', 'Novo lead');
  await page.setOfflineMode(true);
  await waitForText(page, '.frame', 'The server cannot be reached');
  await newStep(token, id, { name: 'Qualificação', prompt: 'b' });
  // The list is not read again before the socket is there: what came meanwhile comes over it.
  await intercept(page, ({ operationName }) => (operationName === 'PipelinesPageQuery' ? 'lost' : null));
  await page.setOfflineMode(false);
  await waitForText(page, '.pipeline-list', 'Qualificação');
  tab.expectProblem(/ERR_/);
});

test('everything is translated, and the page is read out in its language', async () => {
  const { page } = tab;
  const token = newToken();
  await usePseudoLocale(page);
  await newPipeline(token, 'Vendas', [{ name: 'Novo lead', prompt: 'a', autoNextTime: 36, autoNextTimeUnit: 'h' }]);
  await open(page, '/', token);
  await waitForText(page, 'main', 'Vendas');
  assert.deepEqual(await untranslated(page), []);
  await press(page, '⟦Actions for Vendas⟧');
  await page.waitForSelector('[role=menu]');
  assert.deepEqual(await untranslated(page), []);
  await press(page, '⟦Delete…⟧', 'menuitem');
  await page.waitForSelector('[role=alertdialog]');
  assert.deepEqual(await untranslated(page), []);

  await page.evaluate(() => localStorage.setItem('crm-steps:language', 'pt-BR'));
  const portuguese = await tab.newPage();
  await open(portuguese, '/', token);
  await waitForText(portuguese, 'main', '1 etapa');
  assert.equal(await portuguese.$eval('html', ({ lang }) => lang), 'pt-BR');
  await picture(portuguese, 'pipelines-pt');
});

test('the menu of a pipeline is opened and left by keys', async () => {
  const { page } = tab;
  const token = newToken();
  await newPipeline(token, 'Vendas');
  await open(page, '/', token);
  await find(page, 'Vendas', 'link');
  await page.focus('.pipeline-row a');
  await page.keyboard.press('Tab');
  assert.deepEqual(await focused(page), { role: 'button', name: 'Actions for Vendas' });
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=menu]');
  await checkScreen(page, 'pipelines-menu');
  await page.keyboard.press('ArrowDown');
  assert.deepEqual(await focused(page), { role: 'menuitem', name: 'Duplicate' });
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('[role=menu]') === null);
  assert.deepEqual(await focused(page), { role: 'button', name: 'Actions for Vendas' });
});

testLooks('has no violations, and nothing overflows', tab, async (page, suffix) => {
  const token = newToken();
  await newPipeline(token, 'W'.repeat(255), [{ name: 'Y'.repeat(255), prompt: 'a' }]);
  await newPipeline(token, 'Vendas', [
    { name: 'Novo lead', prompt: 'a', autoNextTime: 36, autoNextTimeUnit: 'h' },
    { name: 'Qualificação', prompt: 'b' },
  ]);
  await open(page, '/', token);
  await waitForText(page, 'main', 'Vendas');
  await checkScreen(page, `pipelines-${suffix}`);
});

async function newPipeline(token, name, steps) {
  const { createCrmScenario } = await graphql(
    'mutation ($input: CreateCrmScenarioInput!) { createCrmScenario(input: $input) { crmScenario { id } } }',
    { input: { name } },
    token,
  );
  const { id } = createCrmScenario.crmScenario;
  for (const step of steps ?? []) await newStep(token, id, step);
  return id;
}

async function newStep(token, scenarioId, step) {
  const { createCrmStep } = await graphql(
    'mutation ($input: CreateCrmStepInput!) { createCrmStep(input: $input) { userErrors { message } } }',
    { input: { scenarioId, ...step } },
    token,
  );
  assert.deepEqual(createCrmStep.userErrors, []);
}

async function restore(token, id) {
  const { restoreCrmScenario } = await graphql(
    'mutation ($id: ID!) { restoreCrmScenario(id: $id) { userErrors { message } } }',
    { id },
    token,
  );
  assert.deepEqual(restoreCrmScenario.userErrors, []);
}

async function rename(token, id, name) {
  const { updateCrmScenario } = await graphql(
    `
      mutation ($id: ID!, $name: String!) {
        updateCrmScenario(id: $id, input: { name: $name }) {
          userErrors {
            message
          }
        }
      }
    `,
    { id, name },
    token,
  );
  assert.deepEqual(updateCrmScenario.userErrors, []);
}

async function remove(token, id, expectedStepCount) {
  const { deleteCrmScenario } = await graphql(
    `
      mutation ($id: ID!, $expectedStepCount: Int!) {
        deleteCrmScenario(id: $id, expectedStepCount: $expectedStepCount) {
          userErrors {
            message
          }
        }
      }
    `,
    { id, expectedStepCount },
    token,
  );
  assert.deepEqual(deleteCrmScenario.userErrors, []);
}

async function namesOf(token) {
  const { crmScenarios } = await graphql('{ crmScenarios { nodes { name } } }', {}, token);
  return crmScenarios.nodes.map(({ name }) => name);
}

async function choose(page, pipeline, action) {
  await press(page, `Actions for ${pipeline}`);
  await press(page, action, 'menuitem');
}

async function control(page, key, ...modifiers) {
  const held = ['Control', ...modifiers];
  for (const modifier of held) await page.keyboard.down(modifier);
  await page.keyboard.press(key);
  for (const modifier of held) await page.keyboard.up(modifier);
}
