/** Words of the frame around the screens: bar, settings, command palette, shortcuts. */
export const app = {
  name: 'crm-steps',
  pipelines: 'Pipelines',
  people: 'People',
  agents: 'Agents',
  plan: 'Plan from a file',
  api: 'API',
  settings: 'Settings',
  theme: 'Appearance',
  themeSystem: 'Like the system',
  themeLight: 'Light',
  themeDark: 'Dark',
  language: 'Language',
  singleKeys: 'Single-letter shortcuts',
  singleKeysDescription:
    'Keys like “n” act without a modifier. Switch them off if you dictate or press keys by accident.',
  shortcuts: 'Keyboard shortcuts',
  palette: 'Commands',
  paletteSearch: 'Search for a command',
  paletteNothing: 'No command has this name.',
  signOut: 'Sign out',
};
