import { useMessages } from '../messages/Messages';
import { Button } from './Button';
import { CopyButton } from './CopyButton';
import { Icon } from './Icon';
import './State.css';

export interface ErrorStateProps {
  title?: string | undefined;
  /** What went wrong and what to do: `sentenceOfFailure`. */
  sentence: string;
  /** Under which the log of the server has the cause. */
  requestId?: string | undefined;
  onRetry?: (() => void) | undefined;
  /** "Reload the page", where that is what helps. */
  retryLabel?: string | undefined;
}

/** Stands where something could not be loaded; what is beside it still works. */
export function ErrorState({ title, sentence, requestId, onRetry, retryLabel }: ErrorStateProps) {
  const t = useMessages();
  return (
    <div className="state state-error" role="alert">
      <span className="state-icon">
        <Icon name="error" />
      </span>
      <h2 className="state-title">{title ?? t.ui.errorTitle}</h2>
      <p className="state-text">{sentence}</p>
      {requestId !== undefined && (
        <p className="state-request">
          <span>{t.ui.requestId}</span>
          <code translate="no">{requestId}</code>
          <CopyButton text={requestId} />
        </p>
      )}
      {onRetry !== undefined && (
        <div className="state-actions">
          <Button variant="primary" onPress={onRetry}>
            {retryLabel ?? t.ui.tryAgain}
          </Button>
        </div>
      )}
    </div>
  );
}
