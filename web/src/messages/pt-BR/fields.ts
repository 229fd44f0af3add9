import type { Messages } from '../en';

export const fields: Messages['fields'] = {
  step: {
    name: { label: 'Nome' },
    key: { label: 'Chave', description: 'É por ela que um arquivo de pipeline encontra a etapa, mesmo depois de renomeada.' },
    scenarioId: { label: 'Pipeline' },
    trigger: {
      label: 'Gatilho',
      description: 'A condição, em palavras, com a qual a IA traz uma conversa para cá de qualquer outra etapa.',
    },
    prompt: {
      label: 'Prompt',
      description: 'O que o agente recebe como instrução enquanto a conversa está nesta etapa.',
    },
    agentId: { label: 'Agente', description: 'Assume a conversa. Sem um, ela mantém o agente que tem.' },
    defaultAiControl: { label: 'IA', description: 'Se a IA responde a partir daqui.' },
    defaultStatus: { label: 'Status', description: 'O status que a conversa passa a ter.' },
    defaultPriority: { label: 'Prioridade', description: 'A prioridade que a conversa passa a ter.' },
    defaultTags: {
      label: 'Etiquetas a adicionar',
      description: 'Adicionadas depois que as etiquetas a remover saíram.',
    },
    defaultTagsToRemove: { label: 'Etiquetas a remover' },
    assigneeLogicType: { label: 'Atribuição', description: 'Quem recebe a conversa.' },
    selectedMembershipIdsForAssignee: {
      label: 'Pessoas',
      description: 'Aquelas entre as quais se escolhe quem recebe a conversa.',
    },
    requestContact: { label: 'Dados de contato' },
    initialMessage: {
      label: 'Mensagem',
      description:
        'Enviada logo na entrada. O WhatsApp só a entrega até 24 horas depois da última mensagem do cliente.',
    },
    whatsappTemplateAgentId: { label: 'Modelo: agente', description: 'O agente que envia o modelo do WhatsApp.' },
    whatsappTemplateName: { label: 'Modelo: nome', description: 'Como foi aprovado no WhatsApp.' },
    whatsappTemplateLanguageCode: { label: 'Modelo: idioma', description: 'Como pt_BR, en ou fil.' },
    whatsappTemplateText: { label: 'Modelo: texto', description: 'O que o modelo diz, como anotação nesta etapa. O WhatsApp envia o texto aprovado.' },
    zapiAgentId: { label: 'Z-API: agente', description: 'O agente que envia a mensagem pela Z-API.' },
    zapiPhoneNumber: {
      label: 'Z-API: número',
      description: 'Para onde vai a mensagem, com o código do país na frente.',
    },
    zapiMessage: { label: 'Z-API: mensagem' },
    autoNextTime: {
      label: 'Espera',
      description:
        'Quanto tempo depois de entrar nesta etapa a conversa avança sozinha. Uma resposta do cliente não para o tempo: só um gatilho ou uma pessoa move a conversa antes.',
    },
    autoNextTimeUnit: { label: 'Unidade' },
    autoNextStepId: { label: 'Depois vai para', description: 'A etapa de destino; sem uma, a etapa seguinte.' },
    isRequired: {
      label: 'Não pode ser pulada',
      description:
        'Os gatilhos de etapas posteriores não têm efeito antes de a conversa ter passado por aqui. Temporizadores e pessoas podem pulá-la.',
    },
    isConversationRemovalStep: {
      label: 'Retira a conversa',
      description: 'O pipeline termina aqui para ela. Uma etapa assim não tem temporizador.',
    },
    webhookUrl: { label: 'URL do webhook', description: 'Chamada quando uma conversa entra.' },
    webhookHeader: { label: 'Cabeçalhos do webhook', description: 'Enviados com a chamada. Os valores são segredos.' },
  },
  requestContact: { name: 'Nome', email: 'E-mail', phone: 'Telefone' },
  scenario: { name: 'Nome', key: 'Chave', description: 'Descrição' },
  agent: { name: 'Nome', iconUrl: 'URL da imagem' },
  membership: { name: 'Nome', email: 'E-mail', role: 'Papel' },
  others: {
    agentName: 'Agente',
    zapiAgentName: 'Z-API: agente',
    whatsappTemplateAgentName: 'Modelo: agente',
    autoNextStepKey: 'Depois vai para',
    selectedMembershipEmails: 'Pessoas',
    index: 'Posição',
  },
};
