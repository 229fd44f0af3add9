/** Words of the list of agents. */
export const agents = {
  title: 'Agents',
  intro: 'AI agents that steps hand conversations to.',
  find: 'Find by name',
  add: 'New agent',
  count: (count: number, written: string) => (count === 1 ? '1 agent' : `${written} agents`),
  creationOf: (name: string) => `New agent ${name}`,
  changeOf: (name: string) => `Change of ${name}`,
  iconUrlDescription: 'For other programs. The console shows initials and never loads the picture.',

  empty: 'No agents yet',
  emptyText: 'Create the agents that answer in your steps.',
  nothingFound: 'No agent matches',
  nothingFoundText: (text: string) => `No name has “${text}”.`,
  clearFind: 'Show all agents',

  editOf: (name: string) => `Edit ${name}`,
  editTitle: 'Edit agent',
  addTitle: 'New agent',
  save: 'Save',
  saved: (name: string) => `${name} is saved.`,
  created: (name: string) => `${name} is created.`,

  remove: 'Delete',
  removeOf: (name: string) => `Delete ${name}`,
  removeTitle: (name: string) => `Delete ${name}?`,
  removeText: 'This cannot be undone.',
  removed: (name: string) => `${name} is deleted.`,
};
