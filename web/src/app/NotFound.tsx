import { useMessages } from '../messages/Messages';
import { EmptyState } from '../ui/EmptyState';
import { LinkButton } from '../ui/LinkButton';
import { VisuallyHidden } from '../ui/VisuallyHidden';
import { PageHeading } from './PageHeading';
import { paths } from './routes';

/** For an address that no page has. */
export function NotFound() {
  const t = useMessages();
  return (
    <>
      <VisuallyHidden>
        <PageHeading title={t.frame.notFound} />
      </VisuallyHidden>
      <EmptyState
        icon="search"
        title={t.frame.notFound}
        action={
          <LinkButton href={paths.pipelines()} variant="primary">
            {t.frame.toPipelines}
          </LinkButton>
        }
      >
        {t.frame.notFoundText}
      </EmptyState>
    </>
  );
}
