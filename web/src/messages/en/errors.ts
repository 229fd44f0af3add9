import { type About, isAgent, isByName, isOneLine, isPeople, isTags, shown, type Sentences } from '../about';

const number = new Intl.NumberFormat('en-US').format;

/** “lead” */
function quoted(text: string): string {
  return `“${text}”`;
}

/** What the entries of a list are, after a number. */
function entries({ field }: About, count: number): string {
  const [one, many] = nouns(field);
  return `${number(count)} ${count === 1 ? one : many}`;
}

function nouns(field: string): [one: string, many: string] {
  if (isTags(field)) return ['tag', 'tags'];
  if (isPeople(field)) return ['person', 'people'];
  if (field === 'webhookHeader') return ['header', 'headers'];
  if (field === 'steps' || field === 'ids') return ['step', 'steps'];
  if (field === 'events') return ['event', 'events'];
  return ['entry', 'entries'];
}

/** The entry of a list at fault, at the beginning of a sentence; or else `whole`. */
function subject(about: About, whole: string): string {
  if (about.at === null) return whole;
  const [noun] = nouns(about.field);
  return `${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${about.at}`;
}

/** The limits of the timer are 365 days in each of its units, so the greatest number tells the unit. */
const UNIT_OF_MAX = new Map([
  [365, 'days'],
  [8760, 'hours'],
  [525_600, 'minutes'],
  [31_536_000, 'seconds'],
]);

function outOfRange({ field, number: param }: About): string {
  const [min, max, actual] = [number(param('min')), number(param('max')), number(param('actual'))];
  const unit = field === 'autoNextTime' ? UNIT_OF_MAX.get(param('max')) : undefined;
  if (unit === undefined) return `Enter a number from ${min} to ${max}; this is ${actual}.`;
  const days = unit === 'days' ? '' : ' (365 days)';
  return `Enter a time from ${min} to ${max} ${unit}${days}; this is ${actual}.`;
}

function tooLong(about: About): string {
  const [max, actual] = [about.number('max'), about.number('actual')];
  if (about.text('unit') === 'bytes') {
    return `All headers together may have ${number(max)} bytes, and these have ${number(actual)}. Shorten or remove some.`;
  }
  const over = actual - max === 1 ? 'one character' : `${number(actual - max)} characters`;
  return `${subject(about, 'This')} has ${number(actual)} characters; at most ${number(max)} are allowed. Shorten it by ${over}.`;
}

function invalidPhone(about: About): string {
  const character = about.text('character');
  if (character === '') {
    const [min, max, actual] = [about.text('min'), about.text('max'), number(about.number('actual'))];
    return `A phone number has ${min} to ${max} digits, with the country’s code in front; this has ${actual}.`;
  }
  return `${shown(character)} does not belong in a phone number. Write its digits, with a + in front if you like, and spaces, parentheses, dashes, dots or slashes between them.`;
}

function notFound(about: About): string {
  const { field } = about;
  if (isAgent(field)) return 'This agent does not exist any more. Choose another one.';
  if (isPeople(field) && !isByName(field)) {
    return `${subject(about, 'This person')} of the list does not exist any more. Remove that one.`;
  }
  if (field === 'autoNextStepId') return 'This step does not exist any more. Choose another one.';
  if (field === 'before' || field === 'after')
    return 'The step beside this place does not exist any more. Choose another place.';
  if (field === 'scenarioId') return 'This pipeline does not exist any more. Choose another one.';
  if (field === 'triggerMet' || field === 'moveTo')
    return 'The pipeline has no step with this key or number. Choose another one.';
  if (field === 'autoNextStepKey') return 'No step of the file has this key. Correct it, or add the step.';
  if (isByName(field))
    return `${subject(about, 'This')} names nothing that exists in this organization. Correct it, or create it first.`;
  return 'This does not exist any more; somebody may have deleted it.';
}

const codes: Sentences = {
  AMBIGUOUS_NAME: (about) =>
    `${number(about.number('count'))} in this organization have this name. Give the id instead.`,
  ASSIGNEES_NOT_ALLOWED:
    'With this assignment nobody is chosen from a list. Remove the people, or choose another assignment.',
  ASSIGNEES_REQUIRED: 'This assignment chooses from a list of people. Add at least one.',
  ASSIGNEE_COUNT: (about) =>
    `This assignment takes exactly one person, and there are ${number(about.number('actual'))}. Keep one, or choose another assignment.`,
  AUTO_NEXT_CONFLICT: 'A timer leads to one step. Give either its id or its reference.',
  AUTO_NEXT_INCOMPLETE: 'A step to move on to is chosen, but no time. Say how long to wait, or clear the step.',
  BLANK: (about) =>
    about.field === 'scenarioId'
      ? 'Choose a pipeline.'
      : `${subject(about, 'This')} is blank. Write at least one visible character.`,
  CONFLICTING_FIELDS: 'An id and a name of the same thing are given. Give only one of them.',
  DUPLICATE_VALUE(about) {
    if (about.field === 'webhookHeader')
      return `The header ${quoted(about.key)} is there twice; upper and lower case count as the same. Remove one.`;
    if (isTags(about.field))
      return `The tag ${quoted(about.text('value'))} is there twice; upper and lower case count as the same. Remove one.`;
    if (isPeople(about.field)) return `${subject(about, 'This person')} is in the list twice. Remove one.`;
    return `${quoted(about.text('value'))} is there twice. Keep it once.`;
  },
  EXPECTED_REVISION_REQUIRED: 'Steps would be deleted. Look at the plan first, then apply it.',
  HEADERS_WITHOUT_URL: 'There are headers, but no URL to send them to. Give the URL, or remove the headers.',
  HEADER_NOT_ALLOWED: (about) => `The header ${quoted(about.key)} is set by the service itself. Remove it.`,
  IDEMPOTENCY_KEY_IN_USE: 'The same change is still being made. Try again in a moment.',
  IDEMPOTENCY_KEY_MISMATCH: 'This was sent before with other values. Send it again as a new change.',
  ID_TAKEN: 'Something has or had this id. Leave it out to get a new one.',
  INVALID_CHARACTER: (about) =>
    isOneLine(about.field)
      ? `${subject(about, 'This')} contains a line break or another control character. Write it on one line.`
      : `${subject(about, 'This')} contains a control character that cannot be stored. Type the text anew instead of pasting it.`,
  INVALID_EMAIL: 'This is not an email address. Write it like ana@example.com.',
  INVALID_EVENT: 'An event is exactly one of these: a message, a trigger, a move, or leaving.',
  INVALID_HEADER_NAME: (about) =>
    `${quoted(about.key)} is not the name of a header. Use letters, digits and hyphens, like X-Api-Key.`,
  INVALID_HEADER_VALUE: (about) =>
    `The value of ${quoted(about.key)} may have only visible ASCII characters, with spaces and tabs between them and none at its ends.`,
  INVALID_ID: 'This is not a UUID. Leave it out to get a new one.',
  INVALID_KEY: 'Use 1 to 64 small letters (a to z) and digits, with single hyphens between them, like new-lead.',
  INVALID_LANGUAGE_CODE: 'Write the language as WhatsApp does: pt_BR, en or fil.',
  INVALID_PHONE: invalidPhone,
  INVALID_PLACEMENT: 'This names no place. Choose one.',
  INVALID_TEMPLATE_NAME:
    'Use 1 to 512 small letters (a to z), digits and underscores, as the template is named at WhatsApp.',
  INVALID_TYPE: 'This has to be a list of header names with a text for each.',
  INVALID_URL:
    'Write a whole address that begins with http:// or https://, like https://example.com/hook: without user name and password, without spaces, placeholders and invisible characters in its host, and with no port 0.',
  IN_USE: (about) =>
    `It is used by ${entries({ ...about, field: 'steps' }, about.number('count'))}. Change or delete those first.`,
  KEY_TAKEN: 'Something else has this key. Choose another one.',
  MASKED_HEADER_VALUE: (about) =>
    `*** stands for a stored value, and ${quoted(about.key)} has none. Write the value itself.`,
  NOT_FOUND: notFound,
  OUT_OF_RANGE: outOfRange,
  REMOVAL_STEP_CONFLICT:
    'This step takes the conversation out of the pipeline, so it cannot have a timer. Remove the timer, or switch this off.',
  SCENARIO_FULL: (about) =>
    `A pipeline has at most ${entries({ ...about, field: 'steps' }, about.number('max'))}. Delete some of them, or use another pipeline.`,
  SELF_REFERENCE: (about) =>
    about.field.startsWith('autoNextStep')
      ? 'A timer cannot lead to its own step. Choose another one.'
      : 'A step cannot be placed beside itself. Choose another place.',
  STALE_REVISION: (about) =>
    about.number('actual') === 0
      ? 'This pipeline does not exist any more.'
      : 'The pipeline or its steps were changed in the meantime. Look at what has changed, then try again.',
  STALE_VERSION: (about) =>
    `This was changed in the meantime: it is at version ${number(about.number('actual'))} now, and you started from version ${number(about.number('expected'))}. Look at what has changed, then try again.`,
  STEP_COUNT_MISMATCH: (about) =>
    about.field === 'expectedVersions'
      ? 'Steps were added or removed in the meantime. Look at what has changed, then try again.'
      : `There are ${entries({ ...about, field: 'steps' }, about.number('actual'))} now, and you were shown ${number(about.number('expected'))}. Look at what would be deleted, then try again.`,
  STEP_NOT_IN_SCENARIO: 'This step belongs to another pipeline. Choose one of the same pipeline.',
  TAGS_OVERLAP(about) {
    const tags = about.all('tag').map(quoted).join(', ');
    return `A tag is either added or removed; these are both: ${tags}. Remove each from one of the lists.`;
  },
  TEMPLATE_INCOMPLETE(about) {
    if (about.field === 'whatsappTemplateAgentId')
      return 'A WhatsApp template needs the agent that sends it. Choose one, or clear the template’s other fields.';
    if (about.field === 'whatsappTemplateLanguageCode')
      return 'A WhatsApp template needs its language. Write it, or clear the template’s other fields.';
    return 'A WhatsApp template needs its name. Write it, or clear the template’s other fields.';
  },
  TOO_LONG: tooLong,
  TOO_MANY: (about) =>
    `At most ${entries(about, about.number('max'))} are allowed, and there are ${number(about.number('actual'))}. Remove some.`,
  TRIGGER_OR_PROMPT_REQUIRED: 'A step needs a trigger or a prompt. Fill in at least one of them.',
  UNIT_WITHOUT_TIME: 'A unit is chosen, but no time. Say how long to wait, or clear the unit.',
  URL_NOT_ALLOWED: 'This address leads to a local, private or metadata host. Use a public one.',
  ZAPI_INCOMPLETE(about) {
    if (about.field === 'zapiAgentId')
      return 'A message through Z-API needs the agent that sends it. Choose one, or clear the other two fields.';
    if (about.field === 'zapiPhoneNumber')
      return 'A message through Z-API needs the number that it goes to. Write it, or clear the other two fields.';
    return 'A message through Z-API needs a text. Write it, or clear the other two fields.';
  },
};

/** What is wrong with an input, beside the field. */
export const errors = { codes };
