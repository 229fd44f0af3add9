import type { CrmDiagnosticCode } from '../__generated__/enums';

interface Diagnostic {
  /**
   * One sentence about the steps that stand beside it. `time` is the period of a cycle, or how late a message is at
   * least, as a duration in words.
   */
  title: (about: { count: number; time: string }) => string;
  /** What the rule means, and what to do. */
  why: string;
}

/** What is allowed in a pipeline and probably a mistake. */
export const diagnostics = {
  DEAD_END: {
    title: () => 'Conversations leave this step only by hand',
    why: 'It has no timer, does not take conversations out, sets neither “Resolved” nor “Person requested”, and no other step has a trigger that is evaluated. Add one of these, or conversations stay here until somebody moves them.',
  },
  DUPLICATE_NAME: {
    title: ({ count }) => `${count} steps have the same name`,
    why: 'Upper and lower case do not count. Nothing breaks, but people and reports cannot tell the steps apart. Give them different names.',
  },
  HUMAN_REQUESTED_WITHOUT_ASSIGNEE: {
    title: () => 'A person is requested, and nobody is assigned',
    why: 'A conversation that has no assignee yet may be overlooked: it waits for a person, and it is nobody’s. Choose an assignment that assigns somebody.',
  },
  HUMAN_REQUESTED_WITH_AI: {
    title: () => 'A person is requested, and the AI is turned on',
    why: 'Both would answer the customer, and contradict each other. Turn the AI off in this step, or set another status.',
  },
  MESSAGE_AFTER_24_HOURS: {
    title: ({ time }) =>
      `The message comes ${time} or more after the customer’s last one, too late for WhatsApp to deliver it`,
    why: 'Conversations reach this step only 24 hours or more after the customer’s last message. WhatsApp then delivers nothing but approved templates; a template in the same step does not help, because only the customer’s reply opens the 24 hours anew. Send a template instead, shorten the timers that lead here, or give the step a trigger.',
  },
  REMOVAL_STEP_ASSIGNS: {
    title: () => 'The conversation is assigned, and taken out at once',
    why: 'The step takes conversations out of the pipeline, so whoever gets them here works outside of it. Assign them in a step before, or remove the assignment.',
  },
  RESOLVED_WITH_TIMER: {
    title: () => 'The conversation is resolved, and a timer moves it on',
    why: 'What is settled wakes up again when the timer is due. Remove the timer, or set another status.',
  },
  SPAM_LOOP: {
    title: ({ time }) => `Customers get these messages again every ${time}, without an end`,
    why: 'A cycle of timers leads through these steps, and each of them sends something. A customer who does not answer gets the same messages over and over. Let one of the timers lead elsewhere, or remove it.',
  },
  TIMER_CYCLE: {
    title: ({ time }) => `Conversations without a reply go round here every ${time}`,
    why: 'A cycle of timers leads through these steps. That may be meant, as when one waits and asks again; otherwise let one of the timers lead elsewhere, or remove it.',
  },
  TIMER_LEADS_NOWHERE: {
    title: () => 'The timer of the last step leads nowhere',
    why: 'It names no step to move on to, and none follows, so nothing happens when it is due. Choose a step, add one behind this one, or remove the timer.',
  },
  TRIGGER_ON_FIRST_STEP: {
    title: () => 'The trigger of the first step is never evaluated',
    why: 'Conversations start in the first step, and triggers only move them into other steps. Remove the trigger, or put another step first.',
  },
  UNREACHABLE_STEP: {
    title: () => 'Conversations reach this step only by hand',
    why: 'It has no trigger, and no timer of a step that conversations reach leads here. Give it a trigger, let a timer lead here, or delete it.',
  },
} satisfies Record<CrmDiagnosticCode, Diagnostic>;
