import { useCallback, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { PageHeading } from '../../app/PageHeading';
import { useMessages } from '../../messages/Messages';
import { Banner } from '../../ui/Banner';
import { AppliedView } from './AppliedView';
import type { Range } from './file/tree';
import { PlanResult } from './PlanResult';
import { selectRange } from './selectRange';
import { SourceEditor } from './SourceEditor';
import { useApply, type Applied } from './useApply';
import { usePlan, type Planned, type Source, type Values } from './usePlan';
import { useStart } from './useStart';
import '../../app/Page.css';
import './PlanPage.css';

/** A file that was being worked on, for a return to the page in this tab. It may have secrets: it is stored nowhere. */
let kept: Source = { text: '', fileName: null };

/** Shows what a pipeline file would change, and applies it. `?pipeline=` begins with a pipeline as it is, `?sample` with a sample. */
export default function PlanPage() {
  const t = useMessages();
  const [params] = useSearchParams();
  const [source, setSource] = useState(kept);
  const [values, setValues] = useState<Values>({});
  const [applied, setApplied] = useState<Applied | null>(null);
  const editor = useRef<HTMLTextAreaElement>(null);
  const planning = usePlan();
  const applying = useApply();

  const change = useCallback((next: Source) => {
    kept = next;
    setSource(next);
  }, []);
  const start = useStart(params.get('pipeline'), params.has('sample'), change);
  const show = useCallback(() => void planning.plan(source, values), [planning, source, values]);
  const goTo = useCallback((range: Range) => editor.current && selectRange(editor.current, range), []);

  const apply = async (planned: Planned) => {
    const outcome = await applying.apply(planned, setApplied);
    // What others have done since is in the next plan; a rule that is violated now is so there as well.
    if (outcome.is === 'stale' || outcome.is === 'refused') await planning.plan(source, values, outcome.is === 'stale');
  };
  const another = () => {
    setApplied(null);
    setValues({});
    change({ text: '', fileName: null });
    planning.reset();
  };
  const { reset } = planning;
  useEffect(() => reset, [reset]);

  return (
    <div className="page">
      <header className="plan-page-head">
        <PageHeading title={t.plan.title} />
        <p>{t.plan.intro}</p>
      </header>
      {applied !== null ? (
        <AppliedView applied={applied} undo={applying.undo} isBusy={applying.isBusy} onAnother={another} />
      ) : (
        <div className="plan-columns">
          <div className="plan-column">
            {start.note !== null && (
              <Banner announced="status" tone={start.isFailed ? 'danger' : 'info'}>
                {start.note}
              </Banner>
            )}
            <SourceEditor
              source={source}
              onChange={change}
              values={values}
              onValues={setValues}
              state={planning.state}
              isBusy={planning.isBusy || start.isLoading}
              editorRef={editor}
              onPlan={show}
            />
          </div>
          <div className="plan-column">
            <PlanResult
              state={planning.state}
              source={source}
              isBusy={planning.isBusy || applying.isBusy}
              onGo={goTo}
              onRetry={show}
              onApply={apply}
            />
          </div>
        </div>
      )}
    </div>
  );
}
