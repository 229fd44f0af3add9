// The messages of both languages: that there is one for everything, that none is empty or untranslated, and that each
// value that a message takes is in it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { buildSchema } from 'graphql';
import { sourceModule } from './support/module.mjs';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const { sentenceOf, sentenceOfFailure } = await sourceModule('messages/errors.ts');
const { labelOfField } = await sourceModule('messages/labels.ts');
const { pseudo } = await sourceModule('messages/pseudo.ts');
const { languageOf } = await sourceModule('messages/language.ts');
const { withLater } = await sourceModule('messages/load.ts');
const { formatFor } = await sourceModule('messages/format.ts');

const languages = { en: await messagesOf('en'), 'pt-BR': await messagesOf('pt-BR') };

async function messagesOf(language) {
  const { first } = await sourceModule(`messages/${language}.ts`);
  const { later } = await sourceModule(`messages/${language}/later.ts`);
  return { ...first, ...later };
}

/** All texts and functions, with their paths. */
function* messagesIn(messages, path = []) {
  for (const [name, message] of Object.entries(messages)) {
    if (typeof message === 'object' && message !== null) yield* messagesIn(message, [...path, name]);
    else yield [[...path, name].join('.'), message];
  }
}

/** A broken rule of each kind that the service reports, with the params that it has. */
const BROKEN = Object.entries({
  AMBIGUOUS_NAME: [['agentName', { count: 3 }]],
  ASSIGNEES_NOT_ALLOWED: [['selectedMembershipIdsForAssignee']],
  ASSIGNEES_REQUIRED: [['selectedMembershipIdsForAssignee']],
  ASSIGNEE_COUNT: [['selectedMembershipIdsForAssignee', { max: 1, actual: 3 }, ['3']]],
  AUTO_NEXT_CONFLICT: [['autoNextStepRef']],
  AUTO_NEXT_INCOMPLETE: [['autoNextTime']],
  BLANK: [['name'], ['defaultTags.2', {}, ['3']], ['scenarioId']],
  CONFLICTING_FIELDS: [['agentName']],
  DUPLICATE_VALUE: [
    ['defaultTags.1', { value: 'lead' }, ['“lead”']],
    ['webhookHeader.X-Key', { value: 'X-Key' }, ['“X-Key”']],
    ['selectedMembershipIdsForAssignee.1', { value: '0190' }, ['2']],
    ['steps.1.key', { value: 'novo' }, ['“novo”']],
  ],
  EXPECTED_REVISION_REQUIRED: [['expectedRevision']],
  HEADERS_WITHOUT_URL: [['webhookHeader']],
  HEADER_NOT_ALLOWED: [['webhookHeader.Host', {}, ['“Host”']]],
  IDEMPOTENCY_KEY_IN_USE: [['idempotencyKey']],
  IDEMPOTENCY_KEY_MISMATCH: [['idempotencyKey']],
  ID_TAKEN: [['id']],
  INVALID_CHARACTER: [['name'], ['prompt'], ['defaultTags.0', {}, ['1']]],
  INVALID_EMAIL: [['email']],
  INVALID_EVENT: [['events.0']],
  INVALID_HEADER_NAME: [['webhookHeader.X Key', {}, ['“X Key”']]],
  INVALID_HEADER_VALUE: [['webhookHeader.X-Key', {}, ['“X-Key”']]],
  INVALID_ID: [['id']],
  INVALID_KEY: [['key']],
  INVALID_LANGUAGE_CODE: [['whatsappTemplateLanguageCode']],
  INVALID_PHONE: [
    ['zapiPhoneNumber', { character: '@' }, ['“@”']],
    ['zapiPhoneNumber', { character: '\u0301' }, ['U+0301']],
    ['zapiPhoneNumber', { character: '\n' }, ['U+000A']],
    ['zapiPhoneNumber', { min: 8, max: 15, actual: 3 }, ['8', '15', '3']],
  ],
  INVALID_PLACEMENT: [['to.first']],
  INVALID_TEMPLATE_NAME: [['whatsappTemplateName']],
  INVALID_TYPE: [['webhookHeader']],
  INVALID_URL: [['webhookUrl']],
  IN_USE: [['id', { count: 2 }, ['2']]],
  KEY_TAKEN: [['key']],
  MASKED_HEADER_VALUE: [['webhookHeader.X-Key', {}, ['“X-Key”']]],
  NOT_FOUND: [
    ...['agentId', 'zapiAgentId', 'whatsappTemplateAgentId', 'autoNextStepId', 'to.before', 'scenarioId', 'id'],
    ...['agentName', 'selectedMembershipEmails.0', 'autoNextStepKey', 'events.0.moveTo'],
  ]
    .map((field) => [field])
    .concat([['selectedMembershipIdsForAssignee.1', {}, ['2']]]),
  OUT_OF_RANGE: [
    ['autoNextTime', { min: 1, max: 31_536_000, actual: 0 }, ['1', '31.536.000', '0']],
    ['autoNextTime', { min: 1, max: 525_600, actual: 0 }, ['525.600']],
    ['autoNextTime', { min: 1, max: 8760, actual: 9000 }, ['8.760', '9.000', '365']],
    ['autoNextTime', { min: 1, max: 365, actual: 400 }, ['365', '400']],
    ['afterSeconds', { min: 0, max: 31_536_000, actual: -1 }, ['31.536.000', '-1']],
  ],
  REMOVAL_STEP_CONFLICT: [['isConversationRemovalStep']],
  SCENARIO_FULL: [['scenarioId', { max: 1000 }, ['1.000']]],
  SELF_REFERENCE: [['autoNextStepId'], ['to.after']],
  STALE_REVISION: [
    ['expectedRevision', { expected: 2, actual: 5 }],
    ['expectedRevision', { expected: 2, actual: 0 }],
  ],
  STALE_VERSION: [['expectedVersion', { expected: 4, actual: 5 }, ['4', '5']]],
  STEP_COUNT_MISMATCH: [
    ['expectedStepCount', { expected: 4, actual: 5 }, ['4', '5']],
    ['expectedVersions', { expected: 4, actual: 5 }],
  ],
  STEP_NOT_IN_SCENARIO: [['autoNextStepId']],
  TAGS_OVERLAP: [
    [
      'defaultTagsToRemove',
      [
        ['tag', 'lead'],
        ['tag', 'frio'],
      ],
      ['“lead”', '“frio”'],
    ],
  ],
  TEMPLATE_INCOMPLETE: [['whatsappTemplateAgentId'], ['whatsappTemplateName'], ['whatsappTemplateLanguageCode']],
  TOO_LONG: [
    ['prompt', { max: 20_000, actual: 20_345, unit: 'characters' }, ['20.000', '20.345', '345']],
    ['webhookHeader', { max: 8192, actual: 9000, unit: 'bytes' }, ['8.192', '9.000']],
    ['defaultTags.4', { max: 64, actual: 65, unit: 'characters' }, ['5', '64', '65']],
  ],
  TOO_MANY: [
    ...['defaultTags', 'selectedMembershipIdsForAssignee', 'webhookHeader', 'ids', 'events', 'openConversations'],
  ].map((field) => [field, { max: 50, actual: 51 }, ['50', '51']]),
  TRIGGER_OR_PROMPT_REQUIRED: [['trigger']],
  UNIT_WITHOUT_TIME: [['autoNextTimeUnit']],
  URL_NOT_ALLOWED: [['webhookUrl']],
  ZAPI_INCOMPLETE: [['zapiAgentId'], ['zapiPhoneNumber'], ['zapiMessage']],
}).flatMap(([code, cases]) =>
  cases.map(([field, params = {}, shown = []]) => {
    const list = Array.isArray(params) ? params : Object.entries(params);
    const error = {
      code,
      field: ['input', ...field.split('.')],
      message: 'The server says this.',
      params: list.map(([name, value]) => ({ name, value: String(value) })),
    };
    return [error, shown];
  }),
);

describe('each language', () => {
  for (const [language, messages] of Object.entries(languages)) {
    test(`${language}: no message is empty`, () => {
      for (const [path, message] of messagesIn(messages)) {
        if (typeof message === 'string') assert.notEqual(message.trim(), '', path);
      }
    });

    test(`${language}: a message depends on each value that it takes`, () => {
      // Diagnostics and sentences about rules take an object, of which they need a part.
      const { errors: _, diagnostics: __, ...others } = messages;
      for (const [path, message] of messagesIn(others)) {
        if (typeof message !== 'function') continue;
        for (let at = 0; at < message.length; at += 1) {
          const results = new Set([1, 2, 7919].map((value) => textWith(message, at, value)));
          assert.ok(results.size > 1 || isForOthers(language, path, at), `${path} does not use its value ${at + 1}`);
        }
      }
    });

    test(`${language}: each code has sentences about each field that has it, with the values of its params`, () => {
      const codes = schema
        .getType('UserErrorCode')
        .getValues()
        .map(({ name }) => name);
      assert.deepEqual([...new Set(BROKEN.map(([{ code }]) => code))].sort(), codes.sort());
      for (const [error, shown] of BROKEN) {
        const sentence = sentenceOf(messages, error);
        const about = `${error.code} of ${error.field.join('.')}: ${sentence}`;
        assert.notEqual(sentence, error.message, about);
        assert.doesNotMatch(sentence, /undefined|null|NaN|\[object|“”| {2}/, about);
        assert.match(sentence, /^[\p{Lu}\p{N}“*].*\.$/u, about);
        for (const value of shown) {
          const written = language === 'en' ? value.replaceAll('.', ',') : value;
          assert.ok(sentence.includes(written), `${about} lacks ${written}`);
        }
      }
    });

    test(`${language}: each field of an input has a name`, () => {
      const inputs = ['CreateCrmStepInput', 'UpdateCrmStepInput', 'CrmStepSpecInput', 'CreateCrmScenarioInput'];
      for (const input of [...inputs, 'CreateAgentInput', 'CreateMembershipInput']) {
        for (const name of Object.keys(schema.getType(input).getFields())) {
          if (name !== 'id') assert.notEqual(labelOfField(messages, name), name, `${input}.${name}`);
        }
      }
      assert.equal(labelOfField(messages, 'fieldOfTomorrow'), 'fieldOfTomorrow');
    });

    test(`${language}: each diagnostic has a title and a reason`, () => {
      for (const { name } of schema.getType('CrmDiagnosticCode').getValues()) {
        const { title, why } = messages.diagnostics[name];
        assert.match(title({ count: 2, time: '7 d' }), /\S/, name);
        assert.match(why, /\.$/, name);
      }
      for (const name of ['MESSAGE_AFTER_24_HOURS', 'SPAM_LOOP', 'TIMER_CYCLE']) {
        assert.ok(messages.diagnostics[name].title({ count: 2, time: '7 d' }).includes('7 d'), name);
      }
    });
  }

  test('no sentence of the one is in the other', () => {
    const english = new Map(messagesIn(languages.en));
    const same = [...messagesIn(languages['pt-BR'])].filter(
      ([path, message]) =>
        typeof message === 'string' && message.split(' ').length > 2 && english.get(path) === message,
    );
    assert.deepEqual(same, []);
  });

  test('both have the same messages', () => {
    const paths = (messages) => [...messagesIn(messages)].map(([path]) => path).sort();
    // Descriptions of fields are there in both or in neither.
    assert.deepEqual(paths(languages['pt-BR']), paths(languages.en));
  });
});

/** Whether only the other language needs the value: where it has a plural of its own. */
function isForOthers(language, path, at) {
  if (language === 'en') return false;
  const english = path.split('.').reduce((part, name) => part[name], languages.en);
  return new Set([1, 2].map((value) => textWith(english, at, value))).size > 1 && at + 1 < english.length;
}

/** What a message becomes with `value` in place `at`, and the same values in the other places. */
function textWith(message, at, value) {
  const values = Array.from({ length: message.length }, (_, place) => (place === at ? value : 23));
  try {
    return message(...values);
  } catch {
    return message(...values.map(String));
  }
}

describe('sentences', () => {
  const { en } = languages;

  test('a code that only a newer server knows keeps its message', () => {
    for (const code of ['CODE_OF_TOMORROW', 'constructor', '__proto__']) {
      const error = { code, field: ['input', 'name'], message: 'The server says this.', params: [] };
      assert.equal(sentenceOf(en, error), 'The server says this.');
    }
  });

  test('failures say how long to wait, and know two codes', () => {
    assert.match(sentenceOfFailure(en, { kind: 'rateLimited', retryAfterSeconds: 7 }), /in 7 s/);
    assert.match(sentenceOfFailure(en, { kind: 'unavailable', retryAfterSeconds: 2 }), /in 2 s/);
    assert.match(sentenceOfFailure(en, { kind: 'unavailable', retryAfterSeconds: 0 }), /in a few seconds/);
    assert.equal(sentenceOfFailure(en, { kind: 'failed', code: 'CURSOR_EXPIRED' }), en.failures.cursorExpired);
    assert.equal(sentenceOfFailure(en, { kind: 'offline' }), en.failures.offline);
  });

  test('the timer’s limits are in its unit', () => {
    const of = (max) => {
      const params = Object.entries({ min: 1, max, actual: 0 }).map(([name, value]) => ({
        name,
        value: String(value),
      }));
      return sentenceOf(en, { code: 'OUT_OF_RANGE', field: ['input', 'autoNextTime'], message: '', params });
    };
    assert.equal(of(8760), 'Enter a time from 1 to 8,760 hours (365 days); this is 0.');
    assert.equal(of(365), 'Enter a time from 1 to 365 days; this is 0.');
  });
});

describe('languages', () => {
  test('the pseudo-locale wraps each text, also those of functions', () => {
    const wrapped = pseudo({ a: 'x', b: (n) => `${n} y`, c: { d: ['z'] }, e: 3 });
    assert.deepEqual([wrapped.a, wrapped.b(2), wrapped.c.d[0], wrapped.e], ['⟦x⟧', '⟦2 y⟧', '⟦z⟧', 3]);
    assert.equal(sentenceOf(pseudo(languages.en), BROKEN[0][0]).at(0), '⟦');
  });

  test('the browser’s first language of the two is taken', () => {
    assert.equal(languageOf(['de', 'pt', 'en']), 'pt-BR');
    assert.equal(languageOf(['en-GB', 'pt-BR']), 'en');
    assert.equal(languageOf(['de']), 'en');
    assert.equal(languageOf([]), 'en');
  });

  test('what asks for a later message waits for it, and after a failure asks again', async () => {
    const answers = [() => Promise.reject(new Error('no chunk')), () => Promise.resolve({ step: { save: 'Save' } })];
    const messages = withLater({ app: { name: 'x' } }, () => answers.shift()(), new Promise(() => undefined));
    assert.equal(messages.app.name, 'x');
    await assert.rejects(async () => {
      const waiting = thrownBy(() => messages.step);
      assert.ok(waiting instanceof Promise);
      await waiting;
      throw thrownBy(() => messages.step);
    }, /no chunk/);
    await thrownBy(() => messages.step);
    assert.equal(messages.step.save, 'Save');
    assert.equal(messages.nothing, undefined);
  });

  test('later messages are loaded without anybody’s asking', async () => {
    let begin;
    let loaded;
    const isTime = new Promise((resolve) => (begin = resolve));
    const messages = withLater({}, () => (loaded = Promise.resolve({ step: { save: 'Save' } })), isTime);
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(loaded, undefined, 'not before it is time');
    begin();
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(messages.step.save, 'Save');
  });

  test('messages can be what a promise is kept with', async () => {
    const messages = withLater({ app: { name: 'x' } }, () => new Promise(() => undefined), Promise.resolve());
    assert.equal((await Promise.resolve(messages)).app.name, 'x');
  });
});

function thrownBy(run) {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return assert.fail('nothing was thrown');
}

describe('formats', () => {
  const en = formatFor('en');
  const pt = formatFor('pt-BR');
  const HOUR = 3600;

  test('durations are in the units that people say', () => {
    const cases = [
      [36 * HOUR, '36 h', '36 hours', '36 horas'],
      [48 * HOUR, '2 d', '2 days', '2 dias'],
      [90 * 60, '1 h 30 min', '1 hour, 30 minutes', '1 hora e 30 minutos'],
      [25 * HOUR + 5, '1 d 1 h 5 s', '1 day, 1 hour, 5 seconds', '1 dia, 1 hora e 5 segundos'],
      [100 * HOUR, '4 d 4 h', '4 days, 4 hours', '4 dias e 4 horas'],
      [0, '0 s', '0 seconds', '0 segundo'],
    ];
    for (const [seconds, short, english, portuguese] of cases) {
      assert.equal(en.duration(seconds).replaceAll('\u00a0', ' '), short);
      assert.equal(pt.duration(seconds), en.duration(seconds));
      assert.equal(en.durationInWords(seconds), english);
      assert.equal(pt.durationInWords(seconds), portuguese);
    }
  });

  test('times that have just been are told from now on', () => {
    const now = Date.parse('2026-11-27T12:00:00Z');
    const ago = (seconds) => en.ago(now - seconds * 1000, now);
    assert.deepEqual([0, 44, 45, 3 * 60, 3599, 5 * HOUR, 30 * HOUR, 3 * 24 * HOUR].map(ago), [
      'now',
      'now',
      '1 minute ago',
      '3 minutes ago',
      '1 hour ago',
      '5 hours ago',
      'yesterday',
      '3 days ago',
    ]);
    assert.match(ago(40 * 24 * HOUR), /2026/);
    assert.equal(pt.ago(now - 3 * 60_000, now), 'há 3 minutos');
  });

  test('numbers and lists are written as the language does', () => {
    assert.deepEqual([en.number(20000), pt.number(20000)], ['20,000', '20.000']);
    assert.equal(en.list(['Ana', 'Bruno', 'Carla']), 'Ana, Bruno, and Carla');
    assert.equal(pt.list(['Ana', 'Bruno'], 'or'), 'Ana ou Bruno');
    assert.deepEqual([en.bytes(8192), en.bytes(500)], ['8 KiB', '500 bytes']);
  });

  test('the pseudo-locale wraps dates and durations, which have words', () => {
    const pseudoFormat = formatFor('en-XA');
    assert.match(pseudoFormat.duration(60), /^⟦.*⟧$/);
    assert.equal(pseudoFormat.number(2), '2');
  });
});
