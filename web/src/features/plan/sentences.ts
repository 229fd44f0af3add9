import type { Messages } from '../../messages/en';
import type { Format } from '../../messages/format';
import type { FileProblem } from './file/tree';

/** What is wrong with a file and what to do, in the language of the page. */
export function sentenceOfProblem({ plan }: Messages, format: Format, { label: path, fault }: FileProblem): string {
  const label = path === '' ? plan.wholeFile : path;
  switch (fault.code) {
    case 'UNKNOWN_FIELD':
      return fault.meant === null ? plan.unknownField(label) : plan.unknownFieldMeant(label, fault.meant);
    case 'MISSING_FIELD':
      return plan.missingField(label);
    case 'NOT_ALLOWED':
      return plan.notAllowed(label, fault.found, format.list(fault.allowed, 'or'));
    case 'WRONG_TYPE': {
      const found = fault.text === null ? plan.types[fault.found] : plan.found(plan.types[fault.found], fault.text);
      const needsQuotes = fault.expected === 'string' && fault.text !== null;
      return needsQuotes
        ? plan.wrongTypeQuotes(label, found)
        : plan.wrongType(label, found, plan.types[fault.expected]);
    }
    default:
      return plan.syntax[fault.code];
  }
}
