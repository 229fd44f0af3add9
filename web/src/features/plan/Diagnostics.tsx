import { diagnosticTime } from '../../messages/diagnosticTime';
import { useFormat, useMessages } from '../../messages/Messages';
import { Tag, type Tone } from '../../ui/Tag';
import type { Diagnostic } from './planning';

const TONES: Record<string, Tone> = { ERROR: 'danger', WARNING: 'warning' };

/** What probably is a mistake in the pipeline as the file makes it. Nothing of it keeps the file from being applied. */
export function Diagnostics({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  const t = useMessages();
  const format = useFormat();
  return (
    <section className="plan-view-part">
      <h3>{t.plan.diagnostics}</h3>
      {diagnostics.length === 0 && <p className="plan-view-muted">{t.plan.noDiagnostics}</p>}
      <ul className="plan-view-diagnostics">
        {diagnostics.map((diagnostic, index) => {
          const { severity, stepIndexes } = diagnostic;
          const places = format.list(stepIndexes.map((step) => format.number(step + 1)));
          return (
            <li key={index}>
              <Tag tone={TONES[severity] ?? 'neutral'}>
                {t.values.severity[severity === '%future added value' ? 'INFO' : severity]}
              </Tag>
              <p>
                {stepIndexes.length > 0 && <strong>{t.plan.places(places, stepIndexes.length)}: </strong>}
                <Sentence diagnostic={diagnostic} />
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The sentence in the language of the page; that of the service for what the page does not know. */
function Sentence({ diagnostic: { code, message, params, stepIndexes } }: { diagnostic: Diagnostic }) {
  const t = useMessages();
  const format = useFormat();
  if (code === '%future added value') return message;
  const time = format.durationInWords(diagnosticTime(params));
  return t.diagnostics[code].title({ count: stepIndexes.length, time });
}
