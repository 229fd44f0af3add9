import type { Language } from '../../messages/language';
import type { Source } from './usePlan';

/** A pipeline to begin with, in the language of the page. It names no agents and no people, which are others everywhere. */
export async function loadSample(language: Language): Promise<Source> {
  const { default: text } =
    language === 'pt-BR'
      ? await import('../../../../samples/primeiro-pipeline.yaml?raw')
      : await import('../../../../samples/first-pipeline.yaml?raw');
  return { text, fileName: null };
}
