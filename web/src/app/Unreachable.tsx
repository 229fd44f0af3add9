import { useState } from 'react';
import { sentenceOfFailure } from '../messages/errors';
import { useMessages } from '../messages/Messages';
import type { RequestFailed } from '../relay/errors';
import { ErrorState } from '../ui/ErrorState';
import { Spinner } from '../ui/Spinner';
import { VisuallyHidden } from '../ui/VisuallyHidden';
import { usePageTitle } from './usePageTitle';
import './Unreachable.css';

/** Stands in the place of the console when not even the token could be checked. */
export function Unreachable({ failure, onRetry }: { failure: RequestFailed; onRetry: () => Promise<void> }) {
  const t = useMessages();
  const [isTrying, setTrying] = useState(false);
  usePageTitle(t.ui.errorTitle);
  return (
    <main className="unreachable">
      <VisuallyHidden>
        <h1>{t.app.name}</h1>
      </VisuallyHidden>
      {isTrying ? (
        <Spinner />
      ) : (
        <ErrorState
          sentence={sentenceOfFailure(t, failure)}
          requestId={failure.requestId}
          onRetry={() => {
            setTrying(true);
            void onRetry().finally(() => setTrying(false));
          }}
        />
      )}
    </main>
  );
}
