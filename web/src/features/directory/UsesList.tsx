import { Link } from 'wouter';
import { paths } from '../../app/routes';
import { useFormat, useMessages } from '../../messages/Messages';
import type { Impact } from './impact';
import './UsesList.css';

/** The steps that use something, as links, by their pipelines. */
export function UsesList({ impact: { usedBy, usedByCount } }: { impact: Impact }) {
  const t = useMessages();
  const format = useFormat();
  const scenarios = new Map(usedBy.flatMap(({ scenario }) => (scenario ? [[scenario.id, scenario.name]] : [])));
  const missing = usedByCount - usedBy.length;
  return (
    <ul className="uses-list">
      {[...scenarios].map(([id, name]) => (
        <li key={id}>
          <p translate="no">{name}</p>
          <ul>
            {usedBy
              .filter(({ scenario }) => scenario?.id === id)
              .map((step) => (
                <li key={step.id}>
                  <Link href={paths.pipeline(id, { step: step.id })} translate="no">
                    {step.name}
                  </Link>
                </li>
              ))}
          </ul>
        </li>
      ))}
      {usedByCount === 0 && <li>{t.directory.unused}</li>}
      {missing > 0 && <li>{t.directory.moreUses(missing, format.number(missing))}</li>}
    </ul>
  );
}
