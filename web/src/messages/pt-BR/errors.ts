import type { Messages } from '../en';

export const errors: Messages['errors'] = {
  failures: {
    offline: 'Não foi possível alcançar o servidor. Verifique a conexão e tente de novo.',
    unavailable: 'O servidor está ocupado no momento. Tente de novo em alguns segundos.',
    rateLimited: (seconds) =>
      seconds === undefined ? 'Requisições demais com este token. Tente de novo em instantes.' : `Requisições demais com este token. Tente de novo em ${seconds} s.`,
    signedOut: 'O token não é mais válido. Entre de novo; o que você escreveu foi mantido.',
    forbidden: 'Este token não tem permissão para isso. Entre com um que tenha o escopo.',
    otherVersion: 'O servidor tem uma versão nova. Recarregue a página; os rascunhos são mantidos.',
    timeout: 'O servidor não respondeu a tempo. Tentar de novo é seguro: nada é feito duas vezes.',
    failed: 'O servidor falhou. Tente de novo; se acontecer outra vez, informe o id da requisição.',
  },
};
