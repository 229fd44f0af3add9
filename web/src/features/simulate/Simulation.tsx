import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react';
import { sentenceOfFailure } from '../../messages/errors';
import { useFormat, useMessages } from '../../messages/Messages';
import { announce } from '../../ui/announce';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { IconButton } from '../../ui/IconButton';
import { newEvent } from './draft';
import { entryInWords } from './entryWords';
import { SettingsForm } from './SettingsForm';
import { ShareLink } from './ShareLink';
import { Timeline } from './Timeline';
import type { Directory } from './useDirectory';
import { useSimulationPage } from './useSimulationPage';
import './Simulation.css';

export interface SimulationProps {
  /** The pipeline. */
  id: string;
  /** If it rises, the last result may be wrong. */
  revision: number;
  directory: Directory;
  /** Draws the picture, with the step in which the conversation is. */
  renderPicture: (litStepId: string | null) => ReactNode;
}

/** The form of a simulation, what came of it, and the picture. */
export function Simulation({ id, revision, directory, renderPicture }: SimulationProps) {
  const t = useMessages();
  const format = useFormat();
  const page = useSimulationPage(id, revision, directory);
  const { visible, current, result } = page;
  const results = useRef<HTMLElement>(null);
  const words = { t, format, directory };
  const litStepId = directory.steps[visible[current]?.stepIndex ?? -1]?.id ?? null;
  const isWhole = visible.length === page.total;
  const isAtEnd = result !== null && isWhole && !page.isOutdated;

  // On a phone it is below the form.
  const showResult = () => results.current?.scrollIntoView({ block: 'nearest' });
  const runAll = () => page.show('all', showResult);
  const runAgain = (
    <Button size="sm" onPress={runAll}>
      {t.simulate.runAgain}
    </Button>
  );

  const step = () => {
    if (!page.isBusy) page.show((page.isOutdated ? 0 : visible.length) + 1, showResult);
  };

  const last = visible.at(-1);
  const sayLast = useEffectEvent(() => {
    if (page.isStepping && last !== undefined) announce(entryInWords(words, last.first).text);
  });
  useEffect(() => sayLast(), [visible.length]);

  return (
    <div className="simulation">
      <section className="simulation-form" aria-label={t.simulate.settings}>
        <div className="simulation-actions">
          <Button variant="primary" icon="play" onPress={runAll} isBusy={page.isBusy}>
            {t.simulate.run}
          </Button>
          {/* With a reason they keep the focus after they were pressed. */}
          <Button icon="chevronRight" onPress={step} isDisabled={isAtEnd} disabledReason={t.simulate.atEnd}>
            {t.simulate.nextStep}
          </Button>
          <IconButton
            icon="restore"
            label={t.simulate.reset}
            onPress={page.reset}
            isDisabled={result === null}
            disabledReason={t.simulate.notRun}
          />
          <ShareLink />
        </div>
        <SettingsForm
          draft={page.draft}
          directory={directory}
          errors={page.errors}
          attempt={page.attempt}
          newKey={page.newKey}
          onChange={page.change}
          onAdd={page.add}
        />
      </section>
      <div className="simulation-picture">{renderPicture(litStepId)}</div>
      <section
        ref={results}
        className="simulation-result"
        aria-labelledby="simulation-result"
        aria-busy={page.isBusy || undefined}
      >
        <h2 id="simulation-result">{t.simulate.timeline}</h2>
        {page.failure !== null && (
          <Banner tone="danger" announced="alert" actions={runAgain}>
            {sentenceOfFailure(t, page.failure)}
          </Banner>
        )}
        {result !== null && page.isOutdated && last !== undefined && (
          <Banner actions={runAgain}>
            {result.of.revision === revision ? t.simulate.changed : t.simulate.pipelineChanged}
          </Banner>
        )}
        {last === undefined ? (
          <EmptyState icon="play" title={t.simulate.notRun}>
            {directory.steps.length === 0 ? t.simulate.noSteps : t.simulate.notRunText}
          </EmptyState>
        ) : (
          <Timeline
            words={words}
            moments={visible}
            total={page.total}
            current={current}
            onChoose={page.choose}
            onAddEvent={(at, kind) => page.add(newEvent(at, kind))}
            end={isWhole ? (result?.end ?? null) : null}
          />
        )}
      </section>
    </div>
  );
}
