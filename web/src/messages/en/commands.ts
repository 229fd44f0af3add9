/** Words of the command palette, the list of shortcuts and the settings. */
export const commands = {
  search: 'Search for a command',
  nothing: 'No command has this name.',
  found: (count: number) => (count === 1 ? '1 command' : `${count} commands`),
  screen: 'This screen',

  shortcutsIntro: 'What can be done on this screen by keys.',
  noShortcuts: 'This screen has none.',
  singleKeysOff: 'Single letters are switched off in the settings.',

  theme: 'Appearance',
  themes: { system: 'Like the system', light: 'Light', dark: 'Dark' },
  language: 'Language',
  singleKeys: 'Single-letter shortcuts',
  singleKeysDescription:
    'Keys like N act without a modifier. Switch them off if you dictate, or press keys by accident.',
  kept: 'Kept in this browser.',
};
