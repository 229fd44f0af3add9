// What the components compute without a browser.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sourceModule } from './support/module.mjs';

const { initialsOf } = await sourceModule('ui/initials.ts');
const { wholeNumberOf } = await sourceModule('ui/number.ts');
const { splitTags, takeTag } = await sourceModule('ui/tags.ts');
const { found, sectionsOf } = await sourceModule('app/commands/search.ts');
const { showToast, showToastsBy, whenToastsAreNeeded } = await sourceModule('ui/toasts.ts');
const { keysMatch } = await sourceModule('app/pressed.ts');

test('initials are of the first and the last word', () => {
  const cases = {
    'Ana Paula de Souza': 'AS',
    Sofia: 'S',
    'Sofia — Vendas': 'SV',
    'élan vital': 'ÉV',
    '😀': '?',
    '': '?',
  };
  for (const [name, initials] of Object.entries(cases)) assert.equal(initialsOf(name), initials, name);
});

test('whole numbers are read as the language writes them', () => {
  const cases = [
    ['36', 36, 36],
    [' 1000 ', 1000, 1000],
    ['-3', -3, -3],
    ['1,000', 1000, null],
    ['1.000', null, 1000],
    ['1.5', null, null],
    ['1,5', null, null],
    ['12e3', null, null],
    ['abc', null, null],
    ['', null, null],
  ];
  for (const [text, english, portuguese] of cases) {
    assert.equal(wholeNumberOf(text, '1,000'), english, text);
    assert.equal(wholeNumberOf(text, '1.000'), portuguese, text);
  }
});

describe('tags', () => {
  test('a typed text is one tag without white space around it', () => {
    const cases = [
      ['lead', 'lead'],
      ['  lead frio ', 'lead frio'],
      ['"São Paulo, SP"', 'São Paulo, SP'],
      ['"quoted"', '"quoted"'],
      ['', null],
      // The form says that it is blank.
      ['  ', '  '],
    ];
    for (const [text, tag] of cases) assert.equal(takeTag(text), tag, text);
  });

  test('a pasted text is split at lines, or else at commas and semicolons', () => {
    assert.deepEqual(splitTags('lead, frio;  novo,,'), ['lead', 'frio', 'novo']);
    assert.deepEqual(splitTags('São Paulo, SP\nRio\r\n\n'), ['São Paulo, SP', 'Rio']);
    assert.deepEqual(splitTags('a\tb'), ['a', 'b']);
    assert.deepEqual(splitTags('"São Paulo, SP", Rio, "x"'), ['São Paulo, SP', 'Rio', '"x"']);
    assert.deepEqual(splitTags('one tag'), ['one tag']);
    assert.deepEqual(splitTags(' , '), []);
  });
});

describe('shortcuts', () => {
  const press = (key, modifiers = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...modifiers,
  });
  const CTRL = { ctrlKey: true };
  const META = { metaKey: true };
  const SHIFT = { shiftKey: true };

  test('mod is Ctrl, and ⌘ on a Mac', () => {
    assert.equal(keysMatch('mod+z', press('z', CTRL), false), true);
    assert.equal(keysMatch('mod+z', press('z', META), false), false);
    assert.equal(keysMatch('mod+z', press('z', META), true), true);
    assert.equal(keysMatch('mod+z', press('z', CTRL), true), false);
    assert.equal(keysMatch('mod+z', press('z', { ...CTRL, ...META }), false), false);
  });

  test('further modifiers are other keys', () => {
    assert.equal(keysMatch('mod+z', press('Z', { ...CTRL, ...SHIFT }), false), false);
    assert.equal(keysMatch('mod+shift+z', press('Z', { ...CTRL, ...SHIFT }), false), true);
    assert.equal(keysMatch('n', press('n', CTRL), false), false);
    assert.equal(keysMatch('n', press('N', SHIFT), false), false);
    assert.equal(keysMatch('n', press('n', { altKey: true }), false), false);
    assert.equal(keysMatch('n', press('N'), false), true, 'with Caps Lock');
  });

  test('a sign is the same however the keyboard writes it', () => {
    assert.equal(keysMatch('?', press('?', SHIFT), false), true);
    assert.equal(keysMatch('/', press('/', SHIFT), false), true, 'a German keyboard');
    assert.equal(keysMatch('?', press('/'), false), false);
  });
});

describe('commands', () => {
  const actions = [
    { id: 'quit', label: 'Sair', section: 'Console', isGlobal: true },
    { id: 'delete', label: 'Excluir etapa', section: 'Quadro' },
    { id: 'move', label: 'Mudar a posição', section: 'Quadro' },
    { id: 'help', label: 'Atalhos do teclado' },
    { id: 'new', label: 'Nova etapa', section: 'Quadro' },
    { id: 'steps', label: 'Etapas', section: 'Ir para' },
  ];
  const ids = (query) => found(actions, query).map(({ id }) => id);

  test('are found by the beginnings of words, without marks and case', () => {
    assert.deepEqual(ids('POSICAO'), ['move']);
    assert.deepEqual(ids('eta exc'), ['delete']);
    assert.deepEqual(ids('quadro nova'), ['new']);
    assert.deepEqual(ids('tapa'), []);
    assert.deepEqual(
      ids('  '),
      actions.map(({ id }) => id),
    );
  });

  test('stand first if their name begins with what is searched', () => {
    assert.deepEqual(ids('etapa'), ['steps', 'delete', 'new']);
  });

  test('stand under their headings, those of the screen first and those of each screen last', () => {
    assert.deepEqual(
      sectionsOf(actions, 'Esta tela').map(({ title, actions: list }) => [title, list.map(({ id }) => id)]),
      [
        ['Esta tela', ['help']],
        ['Quadro', ['delete', 'move', 'new']],
        ['Ir para', ['steps']],
        ['Console', ['quit']],
      ],
    );
    assert.deepEqual(sectionsOf([], 'Esta tela'), []);
  });
});

test('notices that come before what shows them wait for it, and can be taken back', () => {
  const shown = [];
  let calls = 0;
  const closeFirst = showToast({ text: 'taken back' });
  whenToastsAreNeeded(() => (calls += 1));
  assert.equal(calls, 1, 'there is one already');
  const closeSecond = showToast({ text: 'early' });
  assert.equal(calls, 2);
  closeFirst();
  showToastsBy((content) => {
    shown.push(content.text);
    return () => shown.splice(shown.indexOf(content.text), 1);
  });
  assert.deepEqual(shown, ['early']);
  showToast({ text: 'late' });
  closeSecond();
  assert.deepEqual(shown, ['late']);
});
