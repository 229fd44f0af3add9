import type { Messages } from '../en';

export const commands: Messages['commands'] = {
  search: 'Buscar um comando',
  nothing: 'Nenhum comando tem esse nome.',
  found: (count) => (count === 1 ? '1 comando' : `${count} comandos`),
  screen: 'Esta tela',

  shortcutsIntro: 'O que se pode fazer nesta tela pelo teclado.',
  noShortcuts: 'Esta tela não tem nenhum.',
  singleKeysOff: 'Os atalhos de uma letra estão desativados nas configurações.',

  theme: 'Aparência',
  themes: { system: 'Como no sistema', light: 'Clara', dark: 'Escura' },
  language: 'Idioma',
  singleKeys: 'Atalhos de uma letra',
  singleKeysDescription:
    'Teclas como N agem sem modificador. Desative se você dita textos ou aperta teclas sem querer.',
  kept: 'Guardadas neste navegador.',
};
