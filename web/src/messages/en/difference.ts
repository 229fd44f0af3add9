/** Words between two values of a field. */
export const difference = {
  added: 'added',
  removed: 'removed',
  reordered: 'in another order',
  headerValues: 'The values are not shown.',
  gone: 'something that was deleted',
  showWhole: 'Show the whole text',
  showLess: 'Show less',
};
