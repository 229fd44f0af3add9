import type { Messages } from '../en';

export const diagnostics: Messages['diagnostics'] = {
  DEAD_END: {
    title: () => 'As conversas só saem desta etapa manualmente',
    why: 'Ela não tem temporizador, não retira conversas, não define “Resolvida” nem “Pessoa solicitada”, e nenhuma outra etapa tem um gatilho que seja avaliado. Acrescente um destes, ou as conversas ficam aqui até que alguém as mova.',
  },
  DUPLICATE_NAME: {
    title: ({ count }) => `${count} etapas têm o mesmo nome`,
    why: 'Maiúsculas e minúsculas não contam. Nada quebra, mas pessoas e relatórios não distinguem as etapas. Dê nomes diferentes a elas.',
  },
  HUMAN_REQUESTED_WITHOUT_ASSIGNEE: {
    title: () => 'Uma pessoa é solicitada e ninguém recebe a conversa',
    why: 'Uma conversa que ainda não é de ninguém pode ser esquecida: ela espera por uma pessoa e ninguém responde por ela. Escolha uma atribuição que a entregue a alguém.',
  },
  HUMAN_REQUESTED_WITH_AI: {
    title: () => 'Uma pessoa é solicitada e a IA é ligada',
    why: 'As duas responderiam ao cliente e se contradiriam. Desligue a IA nesta etapa ou defina outro status.',
  },
  MESSAGE_AFTER_24_HOURS: {
    title: ({ time }) =>
      `A mensagem vem ${time} ou mais depois da última do cliente, tarde demais para o WhatsApp entregá-la`,
    why: 'As conversas só chegam a esta etapa 24 horas ou mais depois da última mensagem do cliente. Então o WhatsApp só entrega modelos aprovados; um modelo na mesma etapa não ajuda, porque só a resposta do cliente reabre as 24 horas. Envie um modelo no lugar, encurte os temporizadores que levam até aqui ou dê um gatilho à etapa.',
  },
  REMOVAL_STEP_ASSIGNS: {
    title: () => 'A conversa é atribuída e logo retirada',
    why: 'A etapa retira as conversas do pipeline, e quem as recebe aqui trabalha fora dele. Atribua em uma etapa anterior ou remova a atribuição.',
  },
  RESOLVED_WITH_TIMER: {
    title: () => 'A conversa é resolvida e um temporizador a leva adiante',
    why: 'O que está encerrado volta quando o temporizador vence. Remova o temporizador ou defina outro status.',
  },
  SPAM_LOOP: {
    title: ({ time }) => `Os clientes recebem estas mensagens de novo a cada ${time}, sem fim`,
    why: 'Um ciclo de temporizadores passa por estas etapas, e cada uma delas envia algo. Um cliente que não responde recebe as mesmas mensagens repetidamente. Faça um dos temporizadores levar a outro lugar ou remova-o.',
  },
  TIMER_CYCLE: {
    title: ({ time }) => `Conversas sem resposta dão voltas aqui a cada ${time}`,
    why: 'Um ciclo de temporizadores passa por estas etapas. Pode ser intencional, como quando se espera e se pergunta de novo; se não for, faça um dos temporizadores levar a outro lugar ou remova-o.',
  },
  TIMER_LEADS_NOWHERE: {
    title: () => 'O temporizador da última etapa não leva a lugar nenhum',
    why: 'Ele não indica uma etapa de destino, e nenhuma vem depois; quando vence, nada acontece. Escolha uma etapa, acrescente uma depois desta ou remova o temporizador.',
  },
  TRIGGER_ON_FIRST_STEP: {
    title: () => 'O gatilho da primeira etapa nunca é avaliado',
    why: 'As conversas começam na primeira etapa, e os gatilhos só as levam a outras etapas. Remova o gatilho ou ponha outra etapa em primeiro lugar.',
  },
  UNREACHABLE_STEP: {
    title: () => 'As conversas só chegam a esta etapa manualmente',
    why: 'Ela não tem gatilho, e nenhum temporizador de uma etapa a que as conversas chegam leva até aqui. Dê um gatilho a ela, faça um temporizador levar até aqui ou exclua-a.',
  },
};
