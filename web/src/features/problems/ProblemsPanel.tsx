import { useId, useState } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useFormat, useMessages } from '../../messages/Messages';
import type { CrmDiagnosticCode } from '../../relay/__generated__/useProblems_scenario.graphql';
import type { ProblemsPanel_scenario$key } from '../../relay/__generated__/ProblemsPanel_scenario.graphql';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { Panel } from '../../ui/Panel';
import { Picker } from '../../ui/Picker';
import { Segmented } from '../../ui/Segmented';
import { ProblemItem } from './ProblemItem';
import { countsOf, matches, SEVERITIES, type Problem, type ProblemFilter, type Severity } from './problems';
import { useProblems } from './useProblems';
import { kindOf } from './words';
import './ProblemsPanel.css';

const SCENARIO = graphql`
  fragment ProblemsPanel_scenario on CrmScenario {
    ...useProblems_scenario
  }
`;

/** So many are drawn at first, and with each press of "Show more": a list of a thousand would be slow to open. */
const PAGE = 25;
const ALL = 'ALL';

export interface ProblemsPanelProps {
  scenario: ProblemsPanel_scenario$key;
  onOpenStep: (id: string) => void;
  /** Shows these steps in the picture of the flow. */
  onShowInFlow: (ids: string[]) => void;
  onClose: () => void;
}

/** What looks wrong in a pipeline, as a panel beside it. */
export default function ProblemsPanel({ scenario, onOpenStep, onShowInFlow, onClose }: ProblemsPanelProps) {
  const t = useMessages();
  const problems = useProblems(useFragment(SCENARIO, scenario));
  return (
    <Panel title={t.problems.title} onClose={onClose} className="problems-panel">
      {problems.length === 0 ? (
        <EmptyState icon="check" title={t.problems.empty}>
          {t.problems.emptyText}
        </EmptyState>
      ) : (
        <Problems problems={problems} onOpenStep={onOpenStep} onShowInFlow={onShowInFlow} />
      )}
    </Panel>
  );
}

function Problems({
  problems,
  onOpenStep,
  onShowInFlow,
}: { problems: readonly Problem[] } & Pick<ProblemsPanelProps, 'onOpenStep' | 'onShowInFlow'>) {
  const t = useMessages();
  const format = useFormat();
  const listId = useId();
  const [filter, setFilter] = useState<ProblemFilter>({ severity: null, code: null });
  const [room, setRoom] = useState(PAGE);
  const found = problems.filter((problem) => matches(problem, filter));
  const shown = found.slice(0, room);
  const rest = found.length - shown.length;

  function change(next: Partial<ProblemFilter>) {
    setFilter({ ...filter, ...next });
    setRoom(PAGE);
  }

  return (
    <>
      <Filter problems={problems} filter={filter} onChange={change} />
      <p className="problems-shown" role="status">
        {t.problems.shown(format.number(shown.length), format.number(problems.length))}
      </p>
      {found.length === 0 && (
        <div className="problems-nothing">
          <p>{t.problems.nothingMatches}</p>
          <Button size="sm" onPress={() => change({ severity: null, code: null })}>
            {t.problems.showAll}
          </Button>
        </div>
      )}
      <ul id={listId} className="problems-list" aria-label={t.problems.title}>
        {shown.map((problem) => (
          <ProblemItem key={keyOf(problem)} problem={problem} onOpenStep={onOpenStep} onShowInFlow={onShowInFlow} />
        ))}
      </ul>
      {rest > 0 && (
        <Button aria-controls={listId} onPress={() => setRoom(room + PAGE)}>
          {t.problems.more(format.number(Math.min(rest, PAGE)))}
        </Button>
      )}
    </>
  );
}

function Filter({
  problems,
  filter,
  onChange,
}: {
  problems: readonly Problem[];
  filter: ProblemFilter;
  onChange: (filter: Partial<ProblemFilter>) => void;
}) {
  const t = useMessages();
  const format = useFormat();
  const counts = countsOf(problems);
  const severities = SEVERITIES.filter((severity) => counts[severity] > 0);
  const codes = [...new Set(problems.map(({ code }) => code))];
  // What has one value needs no choice. A filter stays in sight until it is taken away.
  const hasSeverities = severities.length > 1 || filter.severity !== null;
  const hasCodes = codes.length > 1 || filter.code !== null;
  if (!hasSeverities && !hasCodes) return null;
  return (
    <div className="problems-filter">
      {hasSeverities && (
        <Segmented<Severity | typeof ALL>
          label={t.problems.severity}
          value={filter.severity ?? ALL}
          items={[
            { id: ALL, label: t.problems.all },
            ...severities.map((id) => ({ id, label: t.problems.counts[id](counts[id], format.number(counts[id])) })),
          ]}
          onChange={(value) => onChange({ severity: value === ALL ? null : value })}
        />
      )}
      {hasCodes && (
        <Picker<CrmDiagnosticCode | typeof ALL>
          label={t.problems.kind}
          value={filter.code ?? ALL}
          items={[{ id: ALL, label: t.problems.allKinds }, ...codes.map((id) => ({ id, label: kindOf(t, id) }))]}
          onChange={(value) => onChange({ code: value === ALL ? null : value })}
        />
      )}
    </div>
  );
}

/** The same problem before and after a change of the pipeline: its list item keeps the focus. */
function keyOf({ code, steps }: Problem): string {
  return [code, ...steps.map(({ id }) => id)].join();
}
