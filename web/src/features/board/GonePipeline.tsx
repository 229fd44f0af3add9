import { useState } from 'react';
import { useLazyLoadQuery } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { PageHeading } from '../../app/PageHeading';
import { paths } from '../../app/routes';
import { useSession } from '../../app/session';
import { nameInSnapshot } from '../../app/snapshot';
import { useCommand } from '../../app/useCommand';
import { useFormat, useMessages } from '../../messages/Messages';
import type { GonePipelineQuery } from '../../relay/__generated__/GonePipelineQuery.graphql';
import type { GonePipelineRestoreMutation } from '../../relay/__generated__/GonePipelineRestoreMutation.graphql';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { LinkButton } from '../../ui/LinkButton';

const DELETION = graphql`
  query GonePipelineQuery($id: ID!) {
    viewer {
      organization {
        id
        history(
          first: 1
          filter: { actions: [DELETED], subjectTypes: [CRM_SCENARIO], subjectId: $id }
          orderBy: { direction: DESC }
        ) {
          nodes {
            id
            happenedAt
            tokenName
            before
          }
        }
      }
    }
  }
`;

const RESTORE = graphql`
  mutation GonePipelineRestoreMutation($id: ID!, $idempotencyKey: String) {
    restoreCrmScenario(id: $id, idempotencyKey: $idempotencyKey) {
      crmScenario {
        ...Pipeline_scenario
        id
        name
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

/** Shown in place of a deleted pipeline: which token deleted it, and a button that restores it. */
export default function GonePipeline({ id }: { id: string }) {
  const t = useMessages();
  const format = useFormat();
  const { can } = useSession();
  const { viewer } = useLazyLoadQuery<GonePipelineQuery>(DELETION, { id }, { fetchPolicy: 'store-and-network' });
  const [restore, isBusy] = useCommand<GonePipelineRestoreMutation>(RESTORE);
  const [isRefused, setRefused] = useState(false);
  const deletion = viewer.organization.history.nodes[0];
  const name = deletion && nameInSnapshot(deletion.before);

  const run = async () => {
    const result = await restore({
      variables: { id },
      announce: ({ restoreCrmScenario: payload }) => t.board.restored(payload?.crmScenario?.name ?? ''),
      // The page has asked by this id, and the store has answered that there is nothing.
      updater: (store) => {
        const scenario = store.getRootField('restoreCrmScenario')?.getLinkedRecord('crmScenario');
        if (scenario) store.getRoot().setLinkedRecord(scenario, 'crmScenario', { id });
      },
    });
    setRefused(result.is === 'refused');
  };

  return (
    <>
      <PageHeading title={t.board.pipeline} className="visually-hidden" />
      <EmptyState
        icon="archive"
        title={name === undefined ? t.board.goneTitle : t.board.goneDeletedTitle(name)}
        action={
          <>
            {deletion !== undefined && (
              <Button
                variant="primary"
                icon="restore"
                isBusy={isBusy}
                isDisabled={!can.write}
                disabledReason={can.write ? undefined : t.board.readOnly}
                onPress={() => void run()}
              >
                {t.board.restore}
              </Button>
            )}
            {deletion !== undefined && (
              <LinkButton icon="history" href={paths.history(id)}>
                {t.board.wholeHistory}
              </LinkButton>
            )}
            <LinkButton variant={deletion === undefined ? 'primary' : undefined} href={paths.pipelines()}>
              {t.board.allPipelines}
            </LinkButton>
          </>
        }
      >
        {isRefused && (
          <Banner tone="warning" announced="alert">
            {t.board.restoreRefused}
          </Banner>
        )}
        {deletion === undefined
          ? t.board.goneText
          : t.board.goneDeletedText(deletion.tokenName, format.ago(deletion.happenedAt))}
      </EmptyState>
    </>
  );
}
