import type { Messages } from '../en';

export const failures: Messages['failures'] = {
  offline: 'Não foi possível alcançar o servidor. Verifique a conexão e tente de novo.',
  unavailable: 'O servidor está ocupado no momento. Tente de novo em alguns segundos.',
  unavailableFor: (seconds) => `O servidor está ocupado no momento. Tente de novo em ${seconds} s.`,
  rateLimited: 'Requisições demais com este token. Tente de novo em instantes.',
  rateLimitedFor: (seconds) => `Requisições demais com este token. Tente de novo em ${seconds} s.`,
  signedOut: 'O token não é mais válido. Entre de novo; o que você escreveu foi mantido.',
  forbidden: 'Este token não tem permissão para isso. Entre com um que tenha o escopo.',
  otherVersion: 'O servidor tem uma versão nova. Recarregue a página; os rascunhos são mantidos.',
  timeout: 'O servidor não respondeu a tempo. Tentar de novo é seguro: nada é feito duas vezes.',
  failed: 'O servidor falhou. Tente de novo; se falhar outra vez, informe o id da requisição.',
  cursorExpired: 'O histórico não vai mais tão longe. Recarregue a página para ver o que há agora.',
  tooLarge: 'Isto é mais do que o servidor aceita em uma requisição. Envie menos de cada vez.',
};
