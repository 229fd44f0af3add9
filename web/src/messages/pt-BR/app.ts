import type { Messages } from '../en';

export const app: Messages['app'] = {
  name: 'crm-steps',
  pipelines: 'Pipelines',
  people: 'Pessoas',
  agents: 'Agentes',
  plan: 'Planejar',
  planFromFile: 'Planejar por arquivo',
  api: 'API',
  settings: 'Configurações',
  shortcuts: 'Atalhos do teclado',
  commands: 'Comandos',
  goTo: 'Ir para',
  console: 'Console',
  signOut: 'Sair',
};
