import type { Messages } from '../../messages/en';
import type { Format } from '../../messages/format';
import type { IconName } from '../../ui/Icon';
import type { Directory } from './useDirectory';
import { listOf, numberOf, textOf, textsOf, valueOf, type Entry, type Moment } from './moments';

/** An entry of the timeline, in words. */
export interface EntryInWords {
  icon: IconName;
  text: string;
  /** Why, or what it depended on. */
  note?: string | undefined;
  /** Whether something did not happen that the pipeline is meant to do. */
  isRefusal?: boolean | undefined;
}

/** An entry, with what the page needs of it beside its moment. */
export interface TimelineEntry extends Entry {
  readonly cause: string;
  /** The server's sentence, for kinds that this page is too old to know. */
  readonly message: string;
}

/** What the words are made with. */
export interface Words {
  t: Messages;
  format: Format;
  directory: Directory;
}

/** What happens, in the language of the page. */
export function entryInWords(words: Words, entry: TimelineEntry): EntryInWords {
  return moveInWords(words, entry) ?? effectInWords(words, entry) ?? { icon: 'info', text: entry.message };
}

/** What a moment begins with; of an answer of the customer also that the timer goes on. */
export function momentInWords(words: Words, { first, timerSeconds }: Moment<TimelineEntry>): EntryInWords {
  const entry = entryInWords(words, first);
  if (first.kind !== 'CUSTOMER_MESSAGE' || timerSeconds === null) return entry;
  return { ...entry, note: words.t.simulate.timerGoesOn(words.format.durationInWords(timerSeconds)) };
}

function moveInWords(words: Words, { kind, cause, details, stepIndex }: TimelineEntry): EntryInWords | null {
  const t = words.t.simulate;
  const toIndex = numberOf(details, 'toIndex');
  const to = stepName(words, toIndex);
  switch (kind) {
    case 'ENTERED':
      return { icon: 'play', text: t.entered(stepName(words, stepIndex)) };
    case 'CUSTOMER_MESSAGE':
      return { icon: 'message', text: t.customerMessage(textOf(details, 'text') ?? '') };
    case 'TRIGGER_MET':
      return { icon: 'trigger', text: t.triggerMet(to) };
    case 'TIMER_FIRED':
      return { icon: 'clock', text: toIndex === null ? t.timerFiredNowhere : t.timerFired(to) };
    case 'MOVED':
      return { icon: 'arrowRight', text: t.moved(to) };
    case 'LEFT':
      return { icon: 'exit', text: t.left };
    case 'HELD':
      return { icon: 'alert', text: t.held(to), isRefusal: true };
    case 'EVENT_REFUSED': {
      const text = cause === 'TRIGGER' ? t.refusedTrigger(to) : t.refusedMove(to);
      return { icon: 'alert', text, note: known(t.reasons, textOf(details, 'reason')), isRefusal: true };
    }
    default:
      return null;
  }
}

/** What a step does on entering. */
function effectInWords(words: Words, { kind, details }: TimelineEntry): EntryInWords | null {
  const { format } = words;
  const t = words.t.simulate;
  const { status, priority } = words.t.values;
  const text = textOf(details, 'text') ?? '';
  switch (kind) {
    case 'TAGS_ADDED':
      return { icon: 'tag', text: t.tagsAdded(format.list(textsOf(details, 'tags'))) };
    case 'TAGS_REMOVED':
      return { icon: 'tag', text: t.tagsRemoved(format.list(textsOf(details, 'tags'))) };
    case 'STATUS_SET':
      return { icon: 'status', text: t.status(known(status, textOf(details, 'status')) ?? '') };
    case 'PRIORITY_SET':
      return { icon: 'priority', text: t.priority(known(priority, textOf(details, 'priority')) ?? '') };
    case 'AI_CONTROL_SET':
      return { icon: 'agent', text: valueOf(details, 'aiControl') === true ? t.aiOn : t.aiOff };
    case 'AGENT_SET':
      return { icon: 'agent', text: t.agent(agentName(words, textOf(details, 'agentId'))) };
    case 'ASSIGNED':
      return assignmentInWords(words, details);
    case 'UNASSIGNED': {
      const before = textOf(details, 'membershipId');
      return { icon: 'person', text: before === null ? t.nobody : t.unassigned(personName(words, before)) };
    }
    case 'CONTACT_REQUESTED': {
      const fields = textsOf(details, 'fields').flatMap((field) => known(t.contactFields, field) ?? []);
      return { icon: 'phone', text: t.contactRequested(format.list(fields)) };
    }
    case 'TEMPLATE_SENT':
      return {
        icon: 'template',
        text: t.templateSent(textOf(details, 'name') ?? ''),
        note: text === '' ? undefined : text,
      };
    case 'MESSAGE_SENT':
      return { icon: 'send', text: t.messageSent(text) };
    case 'MESSAGE_BLOCKED':
      return { icon: 'alert', text: t.messageBlocked(text), note: t.blockedBecause, isRefusal: true };
    case 'ZAPI_SENT':
      return { icon: 'send', text: t.zapiSent(textOf(details, 'phoneNumber') ?? '', text) };
    case 'WEBHOOK_CALLED':
      return { icon: 'webhook', text: t.webhookCalled(textOf(details, 'url') ?? '') };
    case 'REMOVED':
      return { icon: 'exit', text: t.removed };
    case 'TIMER_SET': {
      const delay = format.durationInWords(numberOf(details, 'delaySeconds') ?? 0);
      const toIndex = numberOf(details, 'toIndex');
      return {
        icon: 'clock',
        text: toIndex === null ? t.timerSetNowhere(delay) : t.timerSet(delay, stepName(words, toIndex)),
      };
    }
    default:
      return null;
  }
}

function assignmentInWords(words: Words, details: unknown): EntryInWords {
  const { format } = words;
  const t = words.t.simulate;
  const candidates = listOf(details, 'candidates').map((candidate) =>
    t.candidate(
      personName(words, textOf(candidate, 'membershipId')),
      format.number(numberOf(candidate, 'openConversations') ?? 0),
    ),
  );
  const rule = known(t.rules, textOf(details, 'rule'));
  const counts = candidates.length > 1 ? `: ${format.list(candidates)}` : '';
  return {
    icon: 'person',
    text: t.assigned(personName(words, textOf(details, 'membershipId'))),
    note: rule === undefined ? undefined : rule + counts,
  };
}

/** The name of the step with this index. */
export function stepName({ t, directory }: Words, index: number | null): string {
  const name = index === null ? '' : directory.steps[index]?.name;
  return name === undefined || name === '' ? t.simulate.unknownStep : name;
}

function personName({ t, directory }: Words, id: string | null): string {
  return directory.people.get(id ?? '') ?? t.simulate.unknownPerson;
}

function agentName({ t, directory }: Words, id: string | null): string {
  return directory.agents.get(id ?? '') ?? t.simulate.unknownAgent;
}

/** The word for a value of the server, if this page knows it. */
function known(words: Readonly<Record<string, string>>, value: string | null): string | undefined {
  return value === null ? undefined : words[value];
}
