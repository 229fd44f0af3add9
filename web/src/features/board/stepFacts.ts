import type { Messages } from '../../messages/en';
import type { Format } from '../../messages/format';
import type { IconName } from '../../ui/Icon';
import type { StepSummary } from './stepSummary';

/** One thing that a step does, as a card says it. */
export interface Fact {
  key: string;
  icon: IconName;
  text: string;
  /** Whether the text is somebody's own word instead of a message. */
  isData?: boolean;
}

/** Where a step stands among the others. */
export interface Surroundings {
  /** From 0. */
  position: number;
  isLast: boolean;
  /** The step that its timer names: its position from 0, and its name. Undefined for a step that is gone. */
  targetPosition: number | undefined;
  targetName: string | undefined;
}

/** The words in which facts are told. */
export interface Words {
  t: Messages;
  format: Format;
}

/** What a step does, in the order in which it happens to a conversation; without the agent and the tags. */
export function factsOf(step: StepSummary, around: Surroundings, words: Words): Fact[] {
  const { t } = words;
  const contact = contactOf(step, words);
  const webhook = webhookOf(step);
  return [
    entryOf(step, around, words),
    fact('sets', 'status', setsOf(step, words).join(' · ')),
    fact('assignees', 'people', assigneesOf(step, words)),
    fact('message', 'message', step.hasInitialMessage && t.board.message),
    fact('template', 'template', step.whatsappTemplateName && t.board.template(step.whatsappTemplateName)),
    fact('zapi', 'phone', step.zapiPhoneNumber && t.board.zapi(step.zapiPhoneNumber)),
    fact('contact', 'person', contact && t.board.asksFor(contact)),
    fact('webhook', 'webhook', webhook && t.board.webhook(webhook)),
    fact('timer', 'clock', timerOf(step, around, words)),
    fact('required', 'required', step.isRequired === true && t.board.required),
    fact('removal', 'exit', step.isConversationRemovalStep === true && t.board.removal),
  ].filter((entry) => entry !== null);
}

function fact(key: string, icon: IconName, text: string | false | null | undefined): Fact | null {
  return text ? { key, icon, text } : null;
}

/** How conversations come into the step. */
export function entryOf(step: StepSummary, { position }: Surroundings, { t }: Words): Fact | null {
  // The trigger of the first step is never evaluated.
  if (position === 0) return fact('entry', 'trigger', t.board.entersAtOnce);
  const trigger = step.trigger?.trim();
  return trigger ? { key: 'entry', icon: 'trigger', text: trigger, isData: true } : null;
}

/** How long it takes until the conversation moves on, and where to; null if it stays. */
export function timerOf(step: StepSummary, around: Surroundings, { t, format }: Words): string | null {
  if (step.autoNextDelaySeconds == null) return null;
  const duration = format.duration(step.autoNextDelaySeconds);
  if (step.autoNextStepId == null) return around.isLast ? t.board.timerNowhere(duration) : t.board.timerNext(duration);
  const { targetPosition, targetName } = around;
  if (targetPosition === undefined || targetName === undefined) return duration;
  return t.board.timerTo(duration, t.board.numbered(targetPosition + 1, targetName));
}

/** What the step sets in the conversation. */
export function setsOf(step: StepSummary, { t }: Words): string[] {
  const { defaultStatus: status, defaultPriority: priority, defaultAiControl: ai } = step;
  return [
    status == null ? null : word(t.values.status, status),
    priority == null ? null : t.board.priorityOf(word(t.values.priority, priority)),
    ai == null ? null : ai ? t.board.aiOn : t.board.aiOff,
  ].filter((text) => text !== null);
}

/** The word for a value; the value itself if this version of the console does not know it. */
function word(words: Readonly<Record<string, string>>, value: string): string {
  return words[value] ?? value;
}

/** Who gets the conversation; null if nobody does. */
function assigneesOf(step: StepSummary, { t, format }: Words): string | null {
  const names = step.selectedMembershipsForAssignee?.map(({ name }) => name) ?? [];
  switch (step.assigneeLogicType) {
    case 'clear':
      return t.board.assigneeCleared;
    case 'single_user':
      return t.board.assignees(format.list(names));
    case 'random_selected':
      return t.board.assigneesAtRandom(names.length);
    case 'fair_distribution_selected':
      return t.board.assigneesInTurn(names.length);
    default:
      return null;
  }
}

function contactOf({ requestContact }: StepSummary, { t, format }: Words): string | null {
  const parts = (['name', 'email', 'phone'] as const).filter((part) => requestContact?.[part] === true);
  return parts.length === 0 ? null : format.list(parts.map((part) => t.board.contact[part]));
}

/** The host that the webhook calls: the rest of an address is long, and may be a secret. */
function webhookOf({ webhookUrl }: StepSummary): string | null {
  if (!webhookUrl) return null;
  return URL.canParse(webhookUrl) ? new URL(webhookUrl).host : webhookUrl;
}
