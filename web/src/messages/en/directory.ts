/** Words that the lists of people and agents have in common. */
export const directory = {
  changed: 'Changed',
  usedBy: (count: number, written: string) => (count === 1 ? 'Used in 1 step' : `Used in ${written} steps`),
  unused: 'Not used',
  usedByTitle: (name: string) => `Steps that use ${name}`,
  moreUses: (count: number, written: string) => (count === 1 ? 'and 1 more' : `and ${written} more`),
  staleRemove: 'It was changed meanwhile. Look at it again before you delete it.',
  inUseTitle: (name: string) => `${name} is in use`,
  inUseText: (name: string) => `Deleting is possible once these steps do not use ${name} any more.`,
  more: 'Show more',
  staleBy: (who: string) => `Token “${who}” saved other values while you were editing.`,
  staleUnknown: 'Somebody saved other values while you were editing.',
  staleText: 'This is what differs from what you have entered:',
  keepMine: 'Save mine',
  takeTheirs: 'Show theirs',
  goneTitle: 'It was deleted meanwhile',
  goneText: (name: string) => `${name} is not there any more, so nothing can be saved.`,
};
