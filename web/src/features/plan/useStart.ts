import { useEffect, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { readPipeline } from '../../app/exportPipeline';
import { withoutSecrets } from '../../app/pipelineSpec';
import { sentenceOfFailure } from '../../messages/errors';
import { useLanguage, useMessages } from '../../messages/Messages';
import { toFailure } from '../../relay/errors';
import { loadSample } from './samples';
import type { Source } from './usePlan';

interface Start {
  isLoading: boolean;
  isFailed: boolean;
  /** What the file in the editor is, or why it is not there. */
  note: string | null;
}

const NOTHING: Start = { isLoading: false, isFailed: false, note: null };

/** Puts into the editor what the address asks for: a pipeline as it is now, or a sample. */
export function useStart(pipelineId: string | null, isSample: boolean, onStart: (source: Source) => void): Start {
  const t = useMessages();
  const language = useLanguage();
  const environment = useRelayEnvironment();
  const [start, setStart] = useState<Start>(
    pipelineId === null && !isSample ? NOTHING : { ...NOTHING, isLoading: true },
  );

  useEffect(() => {
    if (pipelineId === null && !isSample) return undefined;
    let isWanted = true;
    const finish = (source: Source | null, note: string) => {
      if (!isWanted) return;
      if (source !== null) onStart(source);
      setStart({ isLoading: false, isFailed: source === null, note });
    };
    const load = async () => {
      if (pipelineId === null) return finish(await loadSample(language), t.plan.sampleText);
      const read = await readPipeline(environment, pipelineId);
      if (read === null) return finish(null, t.plan.pipelineGone);
      const { textOf } = await import('../../app/pipelineText');
      finish({ text: textOf(withoutSecrets(read.spec)), fileName: `${read.spec.key}.yaml` }, t.plan.exportOf);
    };
    load().catch((error: unknown) => finish(null, sentenceOfFailure(t, toFailure(error))));
    return () => {
      isWanted = false;
    };
  }, [environment, isSample, language, onStart, pipelineId, t]);
  return start;
}
