import type { Messages } from '../en';

export const difference: Messages['difference'] = {
  added: 'acrescentado',
  removed: 'retirado',
  reordered: 'em outra ordem',
  headerValues: 'Os valores não são mostrados.',
  gone: 'algo que foi excluído',
  showWhole: 'Mostrar o texto inteiro',
  showLess: 'Mostrar menos',
};
