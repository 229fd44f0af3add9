// Reads, creates and updates steps with many concurrent clients, stops a replica meanwhile, continues
// until it has ended and for a while after, and compares the stored steps with the acknowledged ones.
//
// node load.mjs PROCESS, with CRM_STEPS_URL and CRM_STEPS_TOKEN in the environment

const url = process.env.CRM_STEPS_URL;
const token = process.env.CRM_STEPS_TOKEN;
const replica = Number(process.argv[2]);

const CLIENTS = 16;
const ANSWERS_BEFORE = 400;
const ANSWERS_AFTER = 400;
const SECONDS_MAX = 60;
const FAILURES_MAX = 100;

const failures = [];
const counts = { before: 0, stopping: 0, after: 0 };
let phase = 'before';
let slowest = 0;

/** The response to a request; undefined if the request failed. fetch reuses connections. */
async function ask(what, path, { method = 'GET', body } = {}) {
  const start = performance.now();
  try {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      // Longer than the longest request.
      signal: AbortSignal.timeout(35_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    const answer = JSON.parse(text);
    const payloads = Object.values(answer.data ?? {});
    const refused = payloads.some((payload) => payload?.userErrors?.length);
    if (answer.errors || refused) throw new Error(text);
    return answer;
  } catch (error) {
    failures.push(`${what} (${phase}): ${error.message} ${error.cause ?? ''}`);
    return undefined;
  } finally {
    slowest = Math.max(slowest, performance.now() - start);
    counts[phase]++;
    look();
  }
}

/** Whether the replica is still running. */
function isRunning() {
  try {
    return process.kill(replica, 0);
  } catch {
    return false;
  }
}

/** Advances to the next phase when its condition holds. */
function look() {
  if (phase === 'before' && counts.before >= ANSWERS_BEFORE) {
    process.kill(replica, 'SIGTERM');
    phase = 'stopping';
  } else if (phase === 'stopping' && !isRunning()) {
    phase = 'after';
  }
}

async function graphql(what, query, variables) {
  const answer = await ask(what, '/graphql', { method: 'POST', body: { query, variables } });
  return answer?.data;
}

const created = await graphql(
  'createCrmScenario',
  'mutation { createCrmScenario(input: { name: "Load" }) { crmScenario { id } userErrors { code } } }',
);
if (!created) throw new Error(failures[0]);
const scenario = created.createCrmScenario.crmScenario.id;

/** The acknowledged steps: the last acknowledged name of each, by id. */
const steps = new Map();

const WORK = [
  async function createByGraphql(client) {
    const query = `mutation($input: CreateCrmStepInput!) {
      createCrmStep(input: $input) { crmStep { id name } userErrors { code message } } }`;
    const name = `${client.number} by GraphQL`;
    const input = { scenarioId: scenario, name, prompt: 'Say hello.' };
    const data = await graphql('createCrmStep', query, { input });
    if (data) client.created(data.createCrmStep.crmStep);
  },
  async function readPipeline() {
    const query = `query($id: ID!) {
      crmScenario(id: $id) {
        steps(last: 20) { totalCount nodes { index name history { totalCount } } } } }`;
    await graphql('crmScenario', query, { id: scenario });
  },
  async function createByRest(client) {
    const name = `${client.number} by REST`;
    const body = { scenarioId: scenario, name, prompt: 'Say hello.' };
    const step = await ask('POST /crm/step', '/crm/step', { method: 'POST', body });
    if (step) client.created(step);
  },
  async function update(client) {
    const query = `mutation($id: ID!, $input: UpdateCrmStepInput!) {
      updateCrmStep(id: $id, input: $input) { crmStep { id name } userErrors { code message } } }`;
    const input = { name: `${client.number}, change ${client.changes++}` };
    const data = await graphql('updateCrmStep', query, { id: client.last, input });
    if (data) steps.set(data.updateCrmStep.crmStep.id, data.updateCrmStep.crmStep.name);
  },
  async function find() {
    const query = `{
      crmSteps(first: 10, filter: { name: { contains: "REST" } }) { totalCount nodes { name } } }`;
    await ask('GET /graphql', `/graphql?query=${encodeURIComponent(query)}`);
  },
  async function readByRest() {
    await ask('GET /crm/scenario', `/crm/scenario/${scenario}`);
  },
];

async function work(number) {
  const client = {
    number,
    changes: 0,
    last: undefined,
    created(step) {
      this.last = step.id;
      steps.set(step.id, step.name);
    },
  };
  for (let turn = number; !isOver(); turn++) {
    const task = WORK[turn % WORK.length];
    // Before its first step a client creates instead of updating.
    await (task.name === 'update' && !client.last ? WORK[0] : task)(client);
  }
}

const end = performance.now() + SECONDS_MAX * 1000;
function isOver() {
  return (
    counts.after >= ANSWERS_AFTER || failures.length >= FAILURES_MAX || performance.now() > end
  );
}
await Promise.all(Array.from({ length: CLIENTS }, (_, number) => work(number)));

const { before, stopping, after } = counts;
if (after < ANSWERS_AFTER) {
  failures.push(`gave up: ${after} of ${ANSWERS_AFTER} responses after the end of the replica`);
}

// Reads from the other replica, the only one that runs.
const stored = [];
for (let page = { hasNextPage: true, endCursor: null }; page?.hasNextPage; ) {
  const query = `query($id: ID!, $after: String) {
    crmScenario(id: $id) { steps(first: 100, after: $after) {
      nodes { id index name } pageInfo { hasNextPage endCursor } } } }`;
  const data = await graphql('reading back', query, { id: scenario, after: page.endCursor });
  stored.push(...(data?.crmScenario.steps.nodes ?? []));
  page = data?.crmScenario.steps.pageInfo;
}
if (stored.length !== steps.size) {
  failures.push(`${stored.length} steps are stored, ${steps.size} were acknowledged`);
}
stored.forEach(({ id, index, name }, place) => {
  if (index !== place) failures.push(`the step at position ${place} has the index ${index}`);
  if (steps.get(id) !== name) {
    failures.push(`the step ${index} has the name ${name}; acknowledged was ${steps.get(id)}`);
  }
});

console.log(
  `${before + stopping + after} requests of ${CLIENTS} clients: ${before} before SIGTERM, ` +
    `${stopping} until the replica ended, ${after} after; ${failures.length} failures; ` +
    `${stored.length} steps stored, ${steps.size} acknowledged; ` +
    `the slowest took ${Math.round(slowest)} ms`,
);
for (const failure of failures.slice(0, 20)) console.error(failure);
process.exitCode = failures.length ? 1 : 0;
