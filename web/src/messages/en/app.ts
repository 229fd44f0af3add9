/** Words of the frame around the screens: bar, settings, command palette, shortcuts. */
export const app = {
  name: 'crm-steps',
  pipelines: 'Pipelines',
  people: 'People',
  agents: 'Agents',
  plan: 'Plan',
  planFromFile: 'Plan from a file',
  api: 'API',
  settings: 'Settings',
  shortcuts: 'Keyboard shortcuts',
  commands: 'Commands',
  goTo: 'Go to',
  console: 'Console',
  signOut: 'Sign out',
};
