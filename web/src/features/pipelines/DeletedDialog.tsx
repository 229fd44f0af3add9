import { useLazyLoadQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { Link } from 'wouter';
import { paths } from '../../app/routes';
import { nameInSnapshot } from '../../app/snapshot';
import { useFormat, useMessages } from '../../messages/Messages';
import type { DeletedDialogQuery } from '../../relay/__generated__/DeletedDialogQuery.graphql';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { Pane } from '../../ui/Pane';
import { Skeleton } from '../../ui/Skeleton';
import './DeletedDialog.css';

const DELETIONS = graphql`
  query DeletedDialogQuery {
    viewer {
      organization {
        id
        history(
          first: 100
          filter: { actions: [DELETED], subjectTypes: [CRM_SCENARIO] }
          orderBy: { direction: DESC }
        ) {
          nodes {
            id
            subjectId
            subject {
              id
            }
            happenedAt
            tokenName
            before
          }
          pageInfo {
            hasNextPage
          }
        }
      }
    }
  }
`;

/** The pipelines that are deleted, the last one first. Each is a link to its address, which offers to restore it. */
export default function DeletedDialog({ onClose }: { onClose: () => void }) {
  const t = useMessages();
  return (
    <Dialog title={t.pipelines.deletedOnes} onClose={onClose}>
      <Pane label={t.pipelines.deletedOnes} skeleton={<Skeleton height="6rem" />}>
        <Deleted />
      </Pane>
    </Dialog>
  );
}

function Deleted() {
  const t = useMessages();
  const format = useFormat();
  const { viewer } = useLazyLoadQuery<DeletedDialogQuery>(DELETIONS, {}, { fetchPolicy: 'network-only' });
  const { nodes, pageInfo } = viewer.organization.history;
  // One that was restored and deleted again has several deletions: the last one counts.
  const deletions = nodes.filter(
    ({ subject, subjectId }, index) =>
      subject === null && nodes.findIndex((other) => other.subjectId === subjectId) === index,
  );
  return (
    <>
      {deletions.length === 0 ? (
        <EmptyState icon="archive" title={t.pipelines.deletedNone}>
          {t.pipelines.deletedNoneText}
        </EmptyState>
      ) : (
        <>
          <p>{t.pipelines.deletedText}</p>
          <ul className="deleted-pipelines">
            {deletions.map(({ id, subjectId, happenedAt, tokenName, before }) => {
              const name = nameInSnapshot(before);
              return (
                <li key={id} className="deleted-pipeline">
                  <Link href={paths.pipeline(subjectId)} translate={name === undefined ? undefined : 'no'}>
                    {name ?? t.pipelines.deletedUnnamed}
                  </Link>
                  <span className="deleted-pipeline-when">
                    {t.pipelines.deletedWhen(format.ago(happenedAt), tokenName)}
                  </span>
                </li>
              );
            })}
          </ul>
        </>
      )}
      {pageInfo.hasNextPage && <p>{t.pipelines.deletedMore(format.number(nodes.length))}</p>}
    </>
  );
}
