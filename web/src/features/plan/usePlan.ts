import { useCallback, useState } from 'react';
import { useCommand } from '../../app/useCommand';
import type { planningPlanMutation } from '../../relay/__generated__/planningPlanMutation.graphql';
import type { RequestFailed } from '../../relay/errors';
import type { FileProblem } from './file/tree';
import { PLAN, type Diagnostic, type Plan, type PlanInput } from './planning';
import { readFile, violationsOf, type UsableFile, type Violation } from './readFile';
import { keyOfFileName } from './file/key';

/** A plan that is shown, and what it was made of. */
export interface Planned {
  text: string;
  input: PlanInput;
  plan: Plan;
  diagnostics: readonly Diagnostic[];
  /** The key that the file's name gave it. */
  keyOfName: string | null;
  /** Whether each apply of the file creates another pipeline, because nothing identifies it. */
  isNameless: boolean;
  /** Whether the pipeline was changed after an earlier plan, which was therefore not carried out. */
  isAnew: boolean;
}

/** How far a file has come. */
export type PlanState =
  | { is: 'none' }
  /** It cannot be sent. */
  | { is: 'unreadable'; text: string; problems: readonly FileProblem[] }
  /** It names values that it does not have. */
  | { is: 'incomplete'; text: string; file: UsableFile }
  /** The service refuses it. */
  | { is: 'refused'; text: string; violations: readonly Violation[] }
  | { is: 'failed'; failure: RequestFailed }
  | { is: 'planned'; planned: Planned };

/** A file as it is in the page. */
export interface Source {
  text: string;
  /** The name of the file that was chosen or dropped. */
  fileName: string | null;
}

export type Values = Readonly<Record<string, string>>;

export interface Planning {
  state: PlanState;
  isBusy: boolean;
  /** Reads the file, and asks what it would change. */
  plan: (source: Source, values: Values, isAnew?: boolean) => Promise<void>;
  reset: () => void;
}

/** Takes a file from its text to the plan of what it would change. */
export function usePlan(): Planning {
  const [state, setState] = useState<PlanState>({ is: 'none' });
  const [isReading, setReading] = useState(false);
  const [ask, isAsking] = useCommand<planningPlanMutation>(PLAN);

  const plan = useCallback<Planning['plan']>(
    async ({ text, fileName }, values, isAnew = false) => {
      setReading(true);
      const { file, problems } = await readFile(text);
      setReading(false);
      if (file === null) return setState({ is: 'unreadable', text, problems });
      if (file.variables.some((name) => (values[name] ?? '') === '')) return setState({ is: 'incomplete', text, file });
      const keyOfName = file.hasKey || fileName === null ? null : keyOfFileName(fileName);
      const input = { ...file.inputWith(values), ...(keyOfName === null ? {} : { key: keyOfName }) };
      const result = await ask({ variables: { input }, isFailureShown: true });
      if (result.is === 'failed') return setState({ is: 'failed', failure: result.failure });
      if (result.is === 'refused')
        return setState({ is: 'refused', text, violations: violationsOf(file, result.errors) });
      const payload = result.response.applyCrmScenario;
      if (!payload?.plan) return setState({ is: 'none' });
      const isNameless = !file.hasKey && keyOfName === null;
      const planned = {
        text,
        input,
        plan: payload.plan,
        diagnostics: payload.diagnostics,
        keyOfName,
        isNameless,
        isAnew,
      };
      setState({ is: 'planned', planned });
    },
    [ask],
  );
  const reset = useCallback(() => setState({ is: 'none' }), []);
  return { state, isBusy: isReading || isAsking, plan, reset };
}
