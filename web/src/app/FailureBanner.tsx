import { sentenceOfFailure } from '../messages/errors';
import { useMessages } from '../messages/Messages';
import type { RequestFailed } from '../relay/errors';
import { Banner } from '../ui/Banner';

/** Says in a form why it could not be sent; its button sends it again. */
export function FailureBanner({ failure }: { failure: RequestFailed | null }) {
  const t = useMessages();
  if (failure === null) return null;
  return (
    <Banner tone="danger" announced="alert">
      {sentenceOfFailure(t, failure)}
    </Banner>
  );
}
