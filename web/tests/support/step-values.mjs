// Values of the fields of a step, of which some rule accepts some and rejects others.

import assert from 'node:assert/strict';
import { graphql } from './api.mjs';

const TYPE = 'kind name ofType { kind name ofType { kind name ofType { kind name } } }';

/** A step of a new scenario with a value in each field, as it is stored: the input that would create it, and its id. */
export async function stepToChange() {
  const { createCrmScenario } = await graphql(
    'mutation { createCrmScenario(input: { name: "Rules" }) { crmScenario { id } } }',
  );
  const scenarioId = createCrmScenario.crmScenario.id;
  const { agents, memberships } = await graphql('{ agents { nodes { id } } memberships { nodes { id } } }');
  const [agent, member] = [agents.nodes[0].id, memberships.nodes[0].id];
  const target = await create({ scenarioId, name: 'Target', prompt: 'Wait.' });
  const input = {
    scenarioId,
    name: 'Lead',
    trigger: 'Asks.',
    autoNextStepId: target,
    autoNextTime: 2,
    autoNextTimeUnit: 'h',
    assigneeLogicType: 'single_user',
    selectedMembershipIdsForAssignee: [member],
    defaultTags: ['a'],
    defaultTagsToRemove: ['b'],
    zapiAgentId: agent,
    zapiPhoneNumber: '12345678',
    zapiMessage: 'Hi',
    whatsappTemplateAgentId: agent,
    whatsappTemplateName: 'a',
    whatsappTemplateLanguageCode: 'en',
    webhookUrl: 'https://example.com',
    webhookHeader: { 'X-Key': 'v' },
  };
  return { ...input, id: await create(input) };
}

async function create(input) {
  const { createCrmStep } = await graphql(
    'mutation($input: CreateCrmStepInput!) { createCrmStep(input: $input) { crmStep { id } userErrors { message } } }',
    { input },
  );
  assert.deepEqual(createCrmStep.userErrors, []);
  return createCrmStep.crmStep.id;
}

/** For each field of an input with these rules, a function that makes a random value of it. */
export async function valuesOf(name, rules, step) {
  const { __type } = await graphql(
    `query($name: String!) { __type(name: $name) { inputFields { name type { ${TYPE} } } } }`,
    { name },
  );
  const { agents, memberships } = await graphql('{ agents { nodes { id } } memberships { nodes { id } } }');
  const people = memberships.nodes.map(({ id }) => id);
  const known = [...people, agents.nodes[0].id, step.scenarioId, step.autoNextStepId, step.id];
  const ids = [...known, known[0].toUpperCase(), '', ' ', 'x', '\0', '019a0000-0000-7000-8000-00000000ffff'];
  const enums = {
    AssigneeLogicType: ['none', 'clear', 'single_user', 'random_selected', 'fair_distribution_selected'],
    AutoNextTimeUnit: ['m', 'h', 'd'],
    DefaultPriority: ['LOW', 'MEDIUM', 'HIGH'],
    DefaultStatus: ['RESOLVED', 'UNRESOLVED', 'HUMAN_REQUESTED'],
  };
  const ofType = {
    ID: () => ids,
    Int: () => [-(2 ** 31), -1, 0, 1, 365, 366, 8_760, 8_761, 525_600, 525_601, 31_536_000, 31_536_001, 2 ** 31 - 1],
    Boolean: () => [true, false],
    RequestContactInput: () => [{}, { name: true }],
    StringMap: () => HEADERS,
    '[String!]': () => TAGS,
    '[ID!]': () => [
      [],
      people,
      people.slice(0, 1),
      people.slice(0, 2),
      [people[0], people[0].toUpperCase()],
      ['x', 'X'],
      manyIds(100),
      manyIds(101),
    ],
  };
  const entries = __type.inputFields.map(({ name: field, type }) => {
    const written = writtenType(type);
    const bare = written.replace(/!$/, '');
    const row = rules.fields.find(({ path }) => path.join() === field);
    const fixed = ofType[bare]?.() ?? enums[bare];
    const texts = bare === 'String' ? [...TEXTS, ...longTexts(row.maxLength ?? 512)] : null;
    assert.ok(fixed ?? texts, `values of the type ${bare}`);
    const values = [...(fixed ?? texts), ...(written === bare ? [null] : [])];
    return [field, (random) => (texts !== null && random.chance(0.3) ? random.text(20) : random.oneOf(values))];
  });
  return Object.fromEntries(entries);
}

/** The type as the schema writes it. */
function writtenType({ kind, name, ofType }) {
  if (kind === 'NON_NULL') return `${writtenType(ofType)}!`;
  return kind === 'LIST' ? `[${writtenType(ofType)}]` : name;
}

const longTexts = (most) => [
  ...[-1, 0, 1].flatMap((more) => ['x', 'é', '🙂', ' '].map((character) => character.repeat(most + more))),
  ` ${'x'.repeat(most)} `,
  `https://example.com/${'a'.repeat(Math.max(0, most - 20))}`,
  `https://example.com/${'a'.repeat(Math.max(0, most - 19))}`,
];

const manyIds = (count) => Array.from({ length: count }, (_, index) => index.toString(16).padStart(32, '0'));
const many = (count, prefix) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

const TEXTS = [
  ...[
    '',
    ' ',
    '\u200b',
    '\u2800',
    'a',
    ' a ',
    '\ta\n',
    '\u0085a',
    '\ufeffa',
    'a\0',
    '\0',
    'a\nb',
    'a\u007f',
    'a\u2028b',
    'é',
    'E\u0301',
    '🙂',
    'ẞ',
  ],
  ...['novo-lead', 'a--b', 'A', 'pt_BR', 'en', 'es_419', 'EN', 'pt-BR', 'fil\n', 'lembrete_v2', 'Lembrete', 'a-b'],
  ...[
    '12345678',
    '+55 (11) 95555-0102',
    '1234567',
    '1234567890123456',
    '++12345678',
    '12345678x',
    '٠١٢٣٤٥٦٧٨',
    '1\u00a0234567\u200b8',
    '12345678\n',
    '+',
  ],
  ...[
    'https://example.com',
    'HTTP://example.com:8080/a?b#c',
    'https://bücher.example/',
    'http://[2606:4700::1111]/',
    'https://ex\u200bample.com/',
  ],
  ...[
    'https://example.com/{{lead}}',
    'http://a..example.com',
    'http://localhost',
    'http://10.0.0.1/',
    'https://user@example.com',
    'ftp://example.com',
  ],
  ...['https://', 'http:example.com', 'https://example.com:0/', 'https://example.com/a b', 'https://ex%61mple.com'],
];

const TAGS = [
  ...[
    [],
    ['a'],
    ['A '],
    ['a', 'A '],
    ['b'],
    ['b', 'c'],
    ['é', 'E\u0301'],
    ['ẞ', 'SS'],
    ['ı', 'i'],
    ['ΑΣ', 'ας'],
    ['', ''],
    [' ', 'b'],
    ['a\0'],
  ],
  ...[
    ['x'.repeat(64)],
    ['é'.repeat(65)],
    [` ${'x'.repeat(64)} `],
    many(50, 't'),
    many(51, 't'),
    [...many(50, 't'), 't0'],
  ],
];

const HEADERS = [
  ...[
    {},
    { X: 'v' },
    { X: 'v', x: 'w' },
    { Host: 'v' },
    { '\u212aeep-Alive': 'v' },
    { '\u212a': 'v', k: 'v' },
    { 'a b': 'v' },
    { 'X\0': 'v' },
  ],
  ...[
    { é: 'v' },
    { X: '' },
    { X: ' v' },
    { X: 'a b\tc' },
    { 'X-Key': '***' },
    { X: 'é' },
    { X: ' ' },
    { X: 7 },
    { X: null },
  ],
  ...[{ X: 'v'.repeat(8_191) }, { X: 'v'.repeat(8_192) }, 'X: v', [], 7],
  Object.fromEntries(many(30, 'X-').map((name) => [name, 'v'])),
  Object.fromEntries(many(31, 'X-').map((name) => [name, 'v'])),
];
