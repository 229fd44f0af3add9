import type { UserErrorData } from '../../app/useCommand';
import { faultsOf, valueOf, type Schema } from './file/fit';
import { readText } from './file/read';
import { labelOf, rangeOf, type FileNode, type FileProblem, type Range } from './file/tree';
import { variablesOf, withValues } from './file/variables';
import type { PlanInput } from './planning';

/** A file that can be sent. */
export interface UsableFile {
  root: FileNode;
  /** The names of the values that it does not have itself. */
  variables: readonly string[];
  /** What is sent, with the values of the variables. */
  inputWith: (values: Readonly<Record<string, string>>) => PlanInput;
  hasKey: boolean;
}

export type ReadFile = { file: UsableFile; problems: readonly [] } | { file: null; problems: readonly FileProblem[] };

/** Reads a text and checks what the service would not say the place of. */
export async function readFile(text: string): Promise<ReadFile> {
  // Only reading a file needs it. It is the schema that the program prints for editors.
  const schema: Schema = (await import('../../../../samples/pipeline.schema.json')).default;
  const { root, problems } = readText(text);
  if (root === null) return { file: null, problems };
  const faults = faultsOf(root, schema);
  if (faults.length > 0) return { file: null, problems: faults };
  // The schema is that of the input, and the file fits it.
  const input = valueOf(root) as PlanInput;
  return {
    file: {
      root,
      variables: variablesOf(input),
      inputWith: (values) => withValues(input, values),
      hasKey: input.key != null,
    },
    problems: [],
  };
}

/** A rule that the file violates, with its place in the file. */
export interface Violation {
  range: Range;
  label: string;
  error: UserErrorData;
}

/** The violated rules in the order of the file. Their paths begin with the argument, `input`. */
export function violationsOf(file: UsableFile, errors: readonly UserErrorData[]): Violation[] {
  return errors
    .map((error) => {
      const path = error.field.slice(1);
      return { range: rangeOf(file.root, path), label: labelOf(path), error };
    })
    .sort((one, other) => one.range.start - other.range.start);
}
