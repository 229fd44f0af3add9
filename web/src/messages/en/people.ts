/** Words of the list of people: the members to whom conversations are assigned. */
export const people = {
  title: 'People',
  intro: 'Steps assign conversations to these people.',
  find: 'Find by name or e-mail',
  add: 'Add a person',
  count: (count: number, written: string) => (count === 1 ? '1 person' : `${written} people`),
  creationOf: (name: string) => `Adding ${name}`,
  changeOf: (name: string) => `Change of ${name}`,
  rolesDescription: 'What the person is in your organization. It does not change what steps can do.',

  empty: 'Nobody is here yet',
  emptyText: 'Add the people who answer conversations, so that steps can assign them.',
  nothingFound: 'Nobody matches',
  nothingFoundText: (text: string) => `No name and no e-mail has “${text}”.`,
  clearFind: 'Show everybody',

  editOf: (name: string) => `Edit ${name}`,
  editTitle: 'Edit person',
  addTitle: 'Add a person',
  save: 'Save',
  saved: (name: string) => `${name} is saved.`,
  created: (name: string) => `${name} is added.`,

  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name}`,
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText:
    'This cannot be undone. Nobody can be assigned to this person any more, and the history shows the token instead of the name.',
  removed: (name: string) => `${name} is removed.`,
};
