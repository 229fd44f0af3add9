import { useLazyLoadQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { Link } from 'wouter';
import { useFormat, useMessages } from '../../messages/Messages';
import type { StepHistoryQuery } from '../../relay/__generated__/StepHistoryQuery.graphql';
import { fieldsInWords } from './describe';

const HISTORY = graphql`
  query StepHistoryQuery($id: ID!) {
    crmStep(id: $id) {
      id
      changes: history(first: 20, orderBy: { direction: DESC }) {
        nodes {
          id
          action
          happenedAt
          tokenName
          fields {
            name
          }
        }
      }
    }
  }
`;

/** The last changes of a step: who, when, and which fields. `version` reads it again. */
export function StepHistory({ id, version, allHref }: { id: string; version: number; allHref: string | undefined }) {
  const t = useMessages();
  const format = useFormat();
  const data = useLazyLoadQuery<StepHistoryQuery>(HISTORY, { id }, { fetchKey: version, fetchPolicy: 'network-only' });
  const changes = data.crmStep?.changes.nodes ?? [];
  const actions: Readonly<Record<string, string>> = t.values.changeAction;
  return (
    <>
      {changes.length === 0 && <p className="step-note">{t.step.historyNone}</p>}
      <ol className="step-history">
        {changes.map(({ id: change, action, happenedAt, tokenName, fields }) => (
          <li key={change} className="step-change">
            <span>
              <strong>{actions[action] ?? action}</strong> {t.step.changeBy(tokenName)}
            </span>
            <time dateTime={happenedAt} title={format.dateTime(happenedAt)}>
              {format.ago(happenedAt)}
            </time>
            {action === 'UPDATED' && (
              <span className="step-change-fields">
                {fieldsInWords(
                  t,
                  format,
                  fields.map(({ name }) => name),
                )}
              </span>
            )}
          </li>
        ))}
      </ol>
      {allHref !== undefined && <Link href={allHref}>{t.step.historyAll}</Link>}
    </>
  );
}
