import { type About, isAgent, isByName, isOneLine, isPeople, isTags, shown, type Sentences } from '../about';
import type { Messages } from '../en';

const number = new Intl.NumberFormat('pt-BR').format;

function quoted(text: string): string {
  return `“${text}”`;
}

function entries({ field }: About, count: number): string {
  const [one, many] = nouns(field);
  return `${number(count)} ${count === 1 ? one : many}`;
}

function nouns(field: string): [one: string, many: string] {
  if (isTags(field)) return ['etiqueta', 'etiquetas'];
  if (isPeople(field)) return ['pessoa', 'pessoas'];
  if (field === 'webhookHeader') return ['cabeçalho', 'cabeçalhos'];
  if (field === 'steps' || field === 'ids') return ['etapa', 'etapas'];
  if (field === 'events') return ['evento', 'eventos'];
  return ['item', 'itens'];
}

/** O item da lista no início da frase, por exemplo “A etiqueta 3”, ou `whole`. */
function subject(about: About, whole: string): string {
  if (about.at === null) return whole;
  const [noun] = nouns(about.field);
  return `${/a$/.test(noun) ? 'A' : 'O'} ${noun} ${about.at}`;
}

const UNIT_OF_MAX = new Map([
  [365, 'dias'],
  [8760, 'horas'],
  [525_600, 'minutos'],
  [31_536_000, 'segundos'],
]);

function outOfRange({ field, number: param }: About): string {
  const [min, max, actual] = [number(param('min')), number(param('max')), number(param('actual'))];
  const unit = field === 'autoNextTime' ? UNIT_OF_MAX.get(param('max')) : undefined;
  if (unit === undefined) return `Informe um número de ${min} a ${max}; este é ${actual}.`;
  const days = unit === 'dias' ? '' : ' (365 dias)';
  return `Informe um tempo de ${min} a ${max} ${unit}${days}; este é ${actual}.`;
}

function tooLong(about: About): string {
  const [max, actual] = [about.number('max'), about.number('actual')];
  if (about.text('unit') === 'bytes') {
    return `Todos os cabeçalhos juntos podem ter ${number(max)} bytes, e estes têm ${number(actual)}. Encurte ou remova alguns.`;
  }
  const over = actual - max === 1 ? 'um caractere' : `${number(actual - max)} caracteres`;
  return `${subject(about, 'Este texto')} tem ${number(actual)} caracteres; o máximo é ${number(max)}. Retire ${over}.`;
}

function invalidPhone(about: About): string {
  const character = about.text('character');
  if (character === '') {
    const [min, max, actual] = [about.text('min'), about.text('max'), number(about.number('actual'))];
    return `Um número de telefone tem de ${min} a ${max} dígitos, com o código do país na frente; este tem ${actual}.`;
  }
  return `${shown(character)} não faz parte de um número de telefone. Escreva os dígitos, se quiser com + na frente, e entre eles espaços, parênteses, traços, pontos ou barras.`;
}

function notFound(about: About): string {
  const { field } = about;
  if (isAgent(field)) return 'Este agente não existe mais. Escolha outro.';
  if (isPeople(field) && !isByName(field))
    return `${subject(about, 'Esta pessoa')} da lista não existe mais. Remova-a.`;
  if (field === 'autoNextStepId') return 'Esta etapa não existe mais. Escolha outra.';
  if (field === 'before' || field === 'after')
    return 'A etapa ao lado desta posição não existe mais. Escolha outra posição.';
  if (field === 'scenarioId') return 'Este pipeline não existe mais. Escolha outro.';
  if (field === 'triggerMet' || field === 'moveTo')
    return 'O pipeline não tem etapa com esta chave ou este número. Escolha outra.';
  if (field === 'autoNextStepKey') return 'Nenhuma etapa do arquivo tem esta chave. Corrija-a ou acrescente a etapa.';
  if (isByName(field))
    return `${subject(about, 'Este valor')} não corresponde a nada nesta organização. Corrija-o ou crie-o antes.`;
  return 'Isto não existe mais; alguém pode ter excluído.';
}

const codes: Sentences = {
  AMBIGUOUS_NAME: (about) => `${number(about.number('count'))} nesta organização têm este nome. Informe o id.`,
  ASSIGNEES_NOT_ALLOWED:
    'Com esta atribuição ninguém é escolhido de uma lista. Remova as pessoas ou escolha outra atribuição.',
  ASSIGNEES_REQUIRED: 'Esta atribuição escolhe de uma lista de pessoas. Adicione pelo menos uma.',
  ASSIGNEE_COUNT: (about) =>
    `Esta atribuição exige exatamente uma pessoa, e há ${number(about.number('actual'))}. Deixe uma ou escolha outra atribuição.`,
  AUTO_NEXT_CONFLICT: 'Um temporizador leva a uma só etapa. Informe o id ou a referência dela.',
  AUTO_NEXT_INCOMPLETE: 'Há uma etapa de destino, mas nenhum tempo. Diga quanto esperar ou retire a etapa.',
  BLANK: (about) =>
    about.field === 'scenarioId'
      ? 'Escolha um pipeline.'
      : `${subject(about, 'Este campo')} está em branco. Escreva pelo menos um caractere visível.`,
  CONFLICTING_FIELDS: 'Um id e um nome da mesma coisa foram informados. Informe só um deles.',
  DUPLICATE_VALUE(about) {
    if (about.field === 'webhookHeader')
      return `O cabeçalho ${quoted(about.key)} aparece duas vezes; maiúsculas e minúsculas contam como iguais. Remova um.`;
    if (isTags(about.field))
      return `A etiqueta ${quoted(about.text('value'))} aparece duas vezes; maiúsculas e minúsculas contam como iguais. Remova uma.`;
    if (isPeople(about.field)) return `${subject(about, 'Esta pessoa')} está na lista duas vezes. Remova uma.`;
    return `${quoted(about.text('value'))} aparece duas vezes. Deixe só uma.`;
  },
  EXPECTED_REVISION_REQUIRED: 'Etapas seriam excluídas. Veja antes o plano e depois aplique.',
  HEADERS_WITHOUT_URL: 'Há cabeçalhos, mas nenhuma URL para onde enviá-los. Informe a URL ou remova os cabeçalhos.',
  HEADER_NOT_ALLOWED: (about) => `O cabeçalho ${quoted(about.key)} é definido pelo próprio serviço. Remova-o.`,
  IDEMPOTENCY_KEY_IN_USE: 'A mesma alteração ainda está sendo feita. Tente de novo em instantes.',
  IDEMPOTENCY_KEY_MISMATCH: 'Isto já foi enviado antes com outros valores. Envie de novo como uma alteração nova.',
  ID_TAKEN: 'Algo tem ou já teve este id. Deixe em branco para receber um novo.',
  INVALID_CHARACTER: (about) =>
    isOneLine(about.field)
      ? `${subject(about, 'Este texto')} contém uma quebra de linha ou outro caractere de controle. Escreva em uma só linha.`
      : `${subject(about, 'Este texto')} contém um caractere de controle que não pode ser guardado. Digite o texto em vez de colar.`,
  INVALID_EMAIL: 'Isto não é um endereço de e-mail. Escreva como ana@example.com.',
  INVALID_EVENT: 'Um evento é exatamente um destes: uma mensagem, um gatilho, uma mudança de etapa ou a saída.',
  INVALID_HEADER_NAME: (about) =>
    `${quoted(about.key)} não é nome de cabeçalho. Use letras, dígitos e hifens, como X-Api-Key.`,
  INVALID_HEADER_VALUE: (about) =>
    `O valor de ${quoted(about.key)} só pode ter caracteres ASCII visíveis, com espaços e tabulações entre eles e nenhum nas pontas.`,
  INVALID_ID: 'Isto não é um UUID. Deixe em branco para receber um novo.',
  INVALID_KEY: 'Use de 1 a 64 letras minúsculas (a a z) e dígitos, com hifens simples entre eles, como novo-lead.',
  INVALID_LANGUAGE_CODE: 'Escreva o idioma como no WhatsApp: pt_BR, en ou fil.',
  INVALID_PHONE: invalidPhone,
  INVALID_PLACEMENT: 'Isto não indica uma posição. Escolha uma.',
  INVALID_TEMPLATE_NAME:
    'Use de 1 a 512 letras minúsculas (a a z), dígitos e sublinhados, como o modelo se chama no WhatsApp.',
  INVALID_TYPE: 'Isto precisa ser uma lista de nomes de cabeçalhos com um texto para cada um.',
  INVALID_URL:
    'Escreva um endereço completo que comece com http:// ou https://, como https://example.com/hook: sem usuário e senha, sem espaços, marcadores e caracteres invisíveis no domínio, e sem a porta 0.',
  IN_USE: (about) =>
    `Está em uso em ${entries({ ...about, field: 'steps' }, about.number('count'))}. Altere ou exclua essas etapas antes.`,
  KEY_TAKEN: 'Outra coisa tem esta chave. Escolha outra.',
  MASKED_HEADER_VALUE: (about) =>
    `*** representa um valor guardado, e ${quoted(about.key)} não tem nenhum. Escreva o próprio valor.`,
  NOT_FOUND: notFound,
  OUT_OF_RANGE: outOfRange,
  REMOVAL_STEP_CONFLICT:
    'Esta etapa retira a conversa do pipeline, por isso não pode ter temporizador. Remova o temporizador ou desative isto.',
  SCENARIO_FULL: (about) =>
    `Um pipeline tem no máximo ${entries({ ...about, field: 'steps' }, about.number('max'))}. Exclua algumas ou use outro pipeline.`,
  SELF_REFERENCE: (about) =>
    about.field.startsWith('autoNextStep')
      ? 'Um temporizador não pode levar à própria etapa. Escolha outra.'
      : 'Uma etapa não pode ficar ao lado dela mesma. Escolha outra posição.',
  STALE_REVISION: (about) =>
    about.number('actual') === 0
      ? 'Este pipeline não existe mais.'
      : 'O pipeline ou suas etapas foram alterados nesse meio-tempo. Veja o que mudou e tente de novo.',
  STALE_VERSION: (about) =>
    `Isto foi alterado nesse meio-tempo: está na versão ${number(about.number('actual'))}, e você partiu da versão ${number(about.number('expected'))}. Veja o que mudou e tente de novo.`,
  STEP_COUNT_MISMATCH: (about) =>
    about.field === 'expectedVersions'
      ? 'Etapas foram acrescentadas ou removidas nesse meio-tempo. Veja o que mudou e tente de novo.'
      : `Agora há ${entries({ ...about, field: 'steps' }, about.number('actual'))}, e você viu ${number(about.number('expected'))}. Veja o que seria excluído e tente de novo.`,
  STEP_NOT_IN_SCENARIO: 'Esta etapa é de outro pipeline. Escolha uma do mesmo pipeline.',
  TAGS_OVERLAP(about) {
    const tags = about.all('tag').map(quoted).join(', ');
    return `Uma etiqueta é adicionada ou removida; estas estão nas duas listas: ${tags}. Retire cada uma de uma delas.`;
  },
  TEMPLATE_INCOMPLETE(about) {
    if (about.field === 'whatsappTemplateAgentId')
      return 'Um modelo do WhatsApp precisa do agente que o envia. Escolha um ou limpe os outros campos do modelo.';
    if (about.field === 'whatsappTemplateLanguageCode')
      return 'Um modelo do WhatsApp precisa do idioma. Escreva-o ou limpe os outros campos do modelo.';
    return 'Um modelo do WhatsApp precisa do nome. Escreva-o ou limpe os outros campos do modelo.';
  },
  TOO_LONG: tooLong,
  TOO_MANY: (about) =>
    `O máximo é de ${entries(about, about.number('max'))}, e há ${number(about.number('actual'))}. Retire o excesso.`,
  TRIGGER_OR_PROMPT_REQUIRED: 'Uma etapa precisa de um gatilho ou de um prompt. Preencha pelo menos um deles.',
  UNIT_WITHOUT_TIME: 'Há uma unidade, mas nenhum tempo. Diga quanto esperar ou retire a unidade.',
  URL_NOT_ALLOWED: 'Este endereço leva a um servidor local, privado ou de metadados. Use um público.',
  ZAPI_INCOMPLETE(about) {
    if (about.field === 'zapiAgentId')
      return 'Uma mensagem pela Z-API precisa do agente que a envia. Escolha um ou limpe os outros dois campos.';
    if (about.field === 'zapiPhoneNumber')
      return 'Uma mensagem pela Z-API precisa do número de destino. Escreva-o ou limpe os outros dois campos.';
    return 'Uma mensagem pela Z-API precisa de um texto. Escreva-o ou limpe os outros dois campos.';
  },
};

export const errors: Messages['errors'] = { codes };
