import type { Messages } from '../../messages/en';
import type { Format } from '../../messages/format';
import type { Picture } from './picture';

/** A step with more timers to it than this has their number in words, not their list. */
const LISTED_TIMERS = 10;

/** What the picture shows of a step, as sentences; the first names it. */
export function sentencesOf(t: Messages['flow'], format: Format, picture: Picture, index: number): string[] {
  const { steps } = picture;
  const step = steps[index];
  if (step === undefined) return [];
  const numberOf = (at: number) => format.number(at + 1);
  const nameOf = (at: number) => displayName(t, steps[at]?.name);
  const sentences = [t.step(numberOf(index), format.number(steps.length), nameOf(index))];
  if (index === 0) sentences.push(t.startsHere);
  // The trigger of the first step is never evaluated.
  else if (step.hasTrigger) sentences.push(t.entersByTrigger);
  const from = step.timersFrom;
  if (from.length > LISTED_TIMERS) sentences.push(t.timersFromMany(format.number(from.length)));
  else if (from.length > 0) sentences.push(t.timersFrom(format.list(from.map(numberOf)), from.length));
  if (step.timer !== null) {
    const { to, delaySeconds } = step.timer;
    sentences.push(t.timerTo(format.durationInWords(delaySeconds), numberOf(to), nameOf(to)));
  }
  if (step.cycleSeconds !== null) sentences.push(t.closesCycle(format.durationInWords(step.cycleSeconds)));
  if (step.isResolving) sentences.push(t.resolvesIt);
  if (step.isRemoving) sentences.push(t.removesIt);
  const { problemCount, severity } = step;
  if (problemCount > 0) sentences.push(severity === 'INFO' ? t.hasNotes(problemCount) : t.hasProblems(problemCount));
  return sentences;
}

/** The name of a step, also of one that has been deleted since the flow was read. */
export function displayName(t: Messages['flow'], name: string | undefined): string {
  return name === undefined || name === '' ? t.deleted : name;
}
