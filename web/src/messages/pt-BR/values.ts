import type { Messages } from '../en';

export const values: Messages['values'] = {
  yes: 'Sim',
  no: 'Não',
  nothing: 'nada',
  leave: 'Deixar como está',
  aiControl: { on: 'Ligada', off: 'Desligada', leave: 'Deixar como está' },
  status: { RESOLVED: 'Resolvida', UNRESOLVED: 'Não resolvida', HUMAN_REQUESTED: 'Pessoa solicitada' },
  priority: { LOW: 'Baixa', MEDIUM: 'Média', HIGH: 'Alta' },
  timeUnit: { m: 'minutos', h: 'horas', d: 'dias' },
  seconds: 'segundos',
  assignment: {
    none: 'Manter a atual',
    clear: 'Ninguém',
    single_user: 'Uma pessoa',
    random_selected: 'Uma de várias, ao acaso',
    fair_distribution_selected: 'Várias, em rodízio',
  },
  role: { OWNER: 'Proprietário', ADMIN: 'Administrador', USER: 'Usuário' },
  severity: { ERROR: 'Erro', WARNING: 'Aviso', INFO: 'Observação' },
  channel: { WHATSAPP: 'WhatsApp', ZAPI: 'Z-API', OTHER: 'Outro canal' },
  subjectType: { CRM_SCENARIO: 'Pipeline', CRM_STEP: 'Etapa', AGENT: 'Agente', MEMBERSHIP: 'Pessoa' },
  scope: { READ: 'Ler', WRITE: 'Alterar', SECRETS: 'Ler segredos' },
};
