import type {
  AssigneeLogicType,
  AutoNextTimeUnit,
  ChangeSubjectType,
  CrmDiagnosticSeverity,
  CrmSimulationChannel,
  DefaultPriority,
  DefaultStatus,
  MembershipRole,
  TokenScope,
} from '../__generated__/enums';

/** The names of values that are one of a few: those of the schema's enums, and of true and false. */
export const values = {
  yes: 'Yes',
  no: 'No',
  nothing: 'nothing',
  /** What null means for a value that the conversation has already. */
  leave: 'Leave as it is',
  aiControl: { on: 'On', off: 'Off', leave: 'Leave as it is' },
  status: { RESOLVED: 'Resolved', UNRESOLVED: 'Unresolved', HUMAN_REQUESTED: 'Person requested' } satisfies Record<
    DefaultStatus,
    string
  >,
  priority: { LOW: 'Low', MEDIUM: 'Medium', HIGH: 'High' } satisfies Record<DefaultPriority, string>,
  timeUnit: { m: 'minutes', h: 'hours', d: 'days' } satisfies Record<AutoNextTimeUnit, string>,
  seconds: 'seconds',
  assignment: {
    none: 'Keep the present one',
    clear: 'Nobody',
    single_user: 'One person',
    random_selected: 'One of several, at random',
    fair_distribution_selected: 'Several, in turn',
  } satisfies Record<AssigneeLogicType, string>,
  role: { OWNER: 'Owner', ADMIN: 'Administrator', USER: 'User' } satisfies Record<MembershipRole, string>,
  severity: { ERROR: 'Error', WARNING: 'Warning', INFO: 'Note' } satisfies Record<CrmDiagnosticSeverity, string>,
  channel: { WHATSAPP: 'WhatsApp', ZAPI: 'Z-API', OTHER: 'Another channel' } satisfies Record<
    CrmSimulationChannel,
    string
  >,
  subjectType: {
    CRM_SCENARIO: 'Pipeline',
    CRM_STEP: 'Step',
    AGENT: 'Agent',
    MEMBERSHIP: 'Person',
  } satisfies Record<ChangeSubjectType, string>,
  scope: { READ: 'Read', WRITE: 'Change', SECRETS: 'Read secrets' } satisfies Record<TokenScope, string>,
};
