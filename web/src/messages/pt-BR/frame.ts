import type { Messages } from '../en';

export const frame: Messages['frame'] = {
  skip: 'Ir para o conteúdo',
  mainNavigation: 'Principal',
  notices: 'Avisos',
  account: (organization, token) => `Conectado a ${organization} com o token ${token}`,
  readOnly: 'Somente leitura',
  readOnlyReason: 'Este token não tem o escopo WRITE: pode ler, mas não alterar nada.',
  readOnlyText: 'Este token só pode ler. Para alterar algo, entre com um que tenha o escopo WRITE.',
  title: (page) => `${page} · crm-steps`,
  page: 'a página',

  offline: 'Não foi possível alcançar o servidor',
  offlineText: 'O que você escreve fica aqui e pode ser enviado quando a conexão voltar.',
  unavailable: 'O servidor está ocupado',
  unavailableText: 'O que você escreve fica aqui. Tente de novo em instantes.',
  rateLimited: 'Requisições demais com este token',
  rateLimitedFor: (seconds) => `Ele pode enviar requisições de novo em ${seconds}.`,
  rateLimitedText: 'Ele pode enviar requisições de novo em instantes.',
  otherVersion: 'O servidor tem uma versão nova',
  otherVersionText: 'Recarregue a página para continuar. O que você escreveu e não salvou fica como rascunho.',

  notFound: 'Esta página não existe',
  notFoundText: 'O endereço pode ter um erro de digitação ou ser de outra versão.',
  toPipelines: 'Ir para os pipelines',

  signIn: 'Entrar',
  signInTo: 'Entrar no crm-steps',
  token: 'Token de acesso',
  whereFrom:
    'Cada aba do navegador pede o token uma vez. O que foi exibido quando o serviço iniciou pela primeira vez pode ser colado aqui de novo. Para criar outro, execute',
  commandName:
    'NAME é o nome da organização, entre aspas se tiver espaços. Um nome que ainda não existe cria uma nova.',
  tokenRejected: 'Este token não é válido. Ele pode ter um erro de digitação, estar cortado ou ter sido revogado.',
  tokenWithoutRead: 'Este token não pode ler, então não há nada para mostrar. Entre com um que tenha o escopo READ.',
  signedOut: 'Sua sessão foi encerrada',
  signedOutText: (organization) =>
    `O token não é mais válido. Entre em ${organization} de novo: nada se perde, e o que estava a caminho é enviado em seguida.`,
  otherOrganization: (organization, shown) =>
    `Este token é de “${organization}”, e esta página mostra “${shown}”. Abrir “${organization}” descarta o que não foi salvo aqui.`,
  openOther: (organization) => `Abrir ${organization}`,
};
