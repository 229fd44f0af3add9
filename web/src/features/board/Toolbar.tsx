import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { Link } from 'wouter';
import { paths } from '../../app/routes';
import { useMessages } from '../../messages/Messages';
import type { Toolbar_scenario$key } from '../../relay/__generated__/Toolbar_scenario.graphql';
import type { LiveState } from '../../relay/live';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { LinkButton } from '../../ui/LinkButton';
import { LiveMark } from './LiveMark';
import { usePipeline } from './pipelineContext';
import { PipelineMenu } from './PipelineMenu';
import { PipelineName } from './PipelineName';
import type { PipelineAddress } from './usePipelineAddress';
import './Toolbar.css';

const FRAGMENT = graphql`
  fragment Toolbar_scenario on CrmScenario {
    id
    diagnosticCounts {
      errors
      warnings
      infos
    }
    ...PipelineName_scenario
    ...PipelineMenu_scenario
  }
`;

export interface ToolbarProps {
  scenario: Toolbar_scenario$key;
  address: PipelineAddress;
  live: LiveState;
}

/** What the page is about, and where one goes from it. */
export function Toolbar({ scenario, address, live }: ToolbarProps) {
  const t = useMessages();
  const data = useFragment(FRAGMENT, scenario);
  const { readOnly, actions } = usePipeline();
  const { errors, warnings, infos } = data.diagnosticCounts;
  const tone = errors > 0 ? 'error' : warnings > 0 ? 'warning' : infos > 0 ? 'info' : 'none';
  const label = {
    error: t.board.problems(errors + warnings),
    warning: t.board.problems(warnings),
    info: t.board.notes(infos),
    none: t.board.noProblems,
  }[tone];
  const icon = ({ none: 'check', error: 'error', warning: 'alert', info: 'info' } as const)[tone];
  const { problems, step } = address.search;
  // The list is below the panel of a step: it is in sight only without one. What is not saved is kept in the tab.
  const isListShown = problems === '1' && step === undefined;
  const listed = isListShown
    ? { problems: undefined }
    : ({ problems: '1', step: undefined, after: undefined, before: undefined } as const);
  return (
    <header className="toolbar">
      <Link className="toolbar-back" href={paths.pipelines()} aria-label={t.board.allPipelines}>
        <Icon name="chevronLeft" />
      </Link>
      <PipelineName scenario={data} />
      <LiveMark state={live} />
      <div className="toolbar-end">
        <LinkButton
          className={`toolbar-problems toolbar-problems-${tone}`}
          variant="quiet"
          icon={icon}
          href={address.hrefWith(listed)}
        >
          {label}
        </LinkButton>
        <LinkButton className="toolbar-wide" variant="quiet" href={paths.history(data.id)}>
          {t.board.history}
        </LinkButton>
        <LinkButton className="toolbar-wide" variant="quiet" href={paths.simulate(data.id, { view: address.search.view })}>
          {t.board.simulate}
        </LinkButton>
        <Button
          variant="primary"
          icon="add"
          isDisabled={readOnly !== null}
          disabledReason={readOnly ?? undefined}
          onPress={() => actions.create({})}
        >
          {t.board.newStep}
        </Button>
        <PipelineMenu scenario={data} view={address.search.view} />
      </div>
    </header>
  );
}
