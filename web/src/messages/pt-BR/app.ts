import type { Messages } from '../en';

export const app: Messages['app'] = {
  name: 'crm-steps',
  pipelines: 'Pipelines',
  people: 'Pessoas',
  agents: 'Agentes',
  plan: 'Planejar por arquivo',
  api: 'API',
  settings: 'Configurações',
  theme: 'Aparência',
  themeSystem: 'Como no sistema',
  themeLight: 'Clara',
  themeDark: 'Escura',
  language: 'Idioma',
  singleKeys: 'Atalhos de uma letra',
  singleKeysDescription:
    'Teclas como “n” agem sem modificador. Desative se você dita textos ou aperta teclas sem querer.',
  shortcuts: 'Atalhos do teclado',
  palette: 'Comandos',
  paletteSearch: 'Buscar um comando',
  paletteNothing: 'Nenhum comando tem esse nome.',
  signOut: 'Sair',
};
