import { type KeyboardEvent, type Ref, useMemo } from 'react';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { Menu } from '../../ui/Menu';
import { NO_AGENT } from './filter';
import { usePipeline } from './pipelineContext';
import type { FilteredSteps } from './useFilter';
import '../../ui/Field.css';
import './FilterBar.css';

export interface FilterBarProps extends Pick<FilteredSteps, 'filter' | 'isFiltered' | 'change'> {
  inputRef: Ref<HTMLInputElement>;
}

/** Shows fewer steps: by text, agent or problems. Escape in the field clears it. */
export function FilterBar({ filter, isFiltered, change, inputRef }: FilterBarProps) {
  const t = useMessages();
  const format = useFormat();
  const { shown, ids, steps } = usePipeline();
  const agents = useMemo(() => agentsOf([...steps.values()]), [steps]);
  const clearByEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || filter.text === '') return;
    event.preventDefault();
    event.stopPropagation();
    change({ text: '' });
  };
  const agent = agents.find(({ id }) => id === filter.agent)?.name;
  const conditions = [
    filter.agent === NO_AGENT ? t.board.filterNoAgent : agent,
    filter.hasProblems ? t.board.filterProblems : undefined,
  ].filter((text) => text !== undefined);

  return (
    <div className="filter-bar" role="search">
      <label className="field-box filter-bar-text">
        <Icon name="search" />
        <input
          ref={inputRef}
          className="field-input"
          aria-label={t.board.filterPlaceholder}
          placeholder={t.board.filterPlaceholder}
          autoComplete="off"
          spellCheck={false}
          value={filter.text}
          onChange={(event) => change({ text: event.target.value })}
          onKeyDown={clearByEscape}
        />
      </label>
      <Menu
        label={t.board.filter}
        placement="bottom start"
        trigger={
          <Button icon="filter" className={conditions.length > 0 ? 'filter-bar-on' : undefined}>
            {conditions.length === 0 ? t.board.filter : format.list(conditions)}
          </Button>
        }
        items={() => [
          {
            id: 'agents',
            title: t.board.filterAgent,
            items: [
              { id: '', label: t.board.filterAllAgents },
              { id: NO_AGENT, label: t.board.filterNoAgent },
              ...agents.map(({ id, name }) => ({ id, label: name, isData: true })),
            ].map((item) => ({
              ...item,
              id: `agent ${item.id}`,
              isChosen: item.id === filter.agent,
              onAction: () => change({ agent: item.id }),
            })),
          },
          '-',
          {
            id: 'problems',
            label: t.board.filterProblems,
            icon: 'alert',
            isChosen: filter.hasProblems,
            onAction: () => change({ hasProblems: !filter.hasProblems }),
          },
        ]}
      />
      {isFiltered && (
        <span className="filter-bar-count">
          <span role="status">{t.board.filterCount(format.number(shown.length), format.number(ids.length))}</span>
          <IconButton
            icon="close"
            size="sm"
            label={t.board.filterClear}
            onPress={() => change({ text: '', agent: '', hasProblems: false })}
          />
        </span>
      )}
    </div>
  );
}

function agentsOf(steps: readonly { agent: { readonly id: string; readonly name: string } | null | undefined }[]) {
  const agents = new Map(steps.flatMap(({ agent }) => (agent ? [[agent.id, agent] as const] : [])));
  return [...agents.values()].sort((a, b) => a.name.localeCompare(b.name));
}
