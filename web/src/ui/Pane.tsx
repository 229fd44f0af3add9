import { Component, type ReactNode, Suspense, useContext, useEffect, useLayoutEffect, useState } from 'react';
import { type FailureData, sentenceOfFailure } from '../messages/errors';
import { useMessages } from '../messages/Messages';
import { ErrorState } from './ErrorState';
import { startWaiting } from './firstScreen';
import { Trouble } from './trouble';
import { VisuallyHidden } from './VisuallyHidden';
import './Pane.css';

export interface PaneProps {
  /** What is in it, for the sentence that it is loading. */
  label: string;
  children: ReactNode;
  /** Of the size of the content; shown after 150 ms, because what flashes up disturbs. */
  skeleton: ReactNode;
  /** Called by "Try again", before the content is drawn anew: load again what failed. A failure that knows how does it by itself. */
  onRetry?: (() => void) | undefined;
  /** A failure goes when this changes: the address, the id of what is shown. What has not failed stays as it is. */
  resetKey?: string | undefined;
}

/** A part of the screen that loads and fails by itself: what is beside it stays usable. */
export function Pane({ label, children, skeleton, onRetry, resetKey }: PaneProps) {
  return (
    <FailureBoundary resetKey={resetKey} onRetry={onRetry}>
      <Suspense fallback={<Waiting label={label}>{skeleton}</Waiting>}>{children}</Suspense>
    </FailureBoundary>
  );
}

const SKELETON_AFTER_MS = 150;

/** How many skeletons are shown. */
let shown = 0;

function Waiting({ label, children }: { label: string; children: ReactNode }) {
  const t = useMessages();
  // What waits after the page's code has come, for its data, goes on with a skeleton: there is no gap between the two.
  const [isLate, setLate] = useState(() => shown > 0);
  useLayoutEffect(startWaiting, []);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useLayoutEffect(() => {
    if (!isLate) return undefined;
    shown += 1;
    return () => {
      shown -= 1;
    };
  }, [isLate]);
  return (
    <div className={`pane-waiting${isLate ? ' pane-late' : ''}`} aria-busy="true">
      {isLate && (
        <VisuallyHidden>
          <span role="status">{t.ui.loadingPart(label)}</span>
        </VisuallyHidden>
      )}
      {children}
    </div>
  );
}

/** A failure that knows how to try again, as that of a request does. */
interface Retryable {
  /** Forgets the failed result, and calls the listeners. */
  retry: () => void | Promise<void>;
  onRetry: (listener: () => void) => () => void;
}

interface BoundaryProps {
  children: ReactNode;
  onRetry: (() => void) | undefined;
  resetKey: string | undefined;
}

class FailureBoundary extends Component<BoundaryProps, { error: unknown; failed: boolean }> {
  override state = { error: undefined as unknown, failed: false };
  #stopListening = () => {};

  static getDerivedStateFromError(error: unknown) {
    return { error, failed: true };
  }

  override componentDidCatch(error: unknown) {
    // What the failure is due to may go by itself: then something else calls its retry.
    if (isRetryable(error)) this.#stopListening = error.onRetry(this.#retry);
  }

  override componentDidUpdate(before: BoundaryProps) {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.#reset();
  }

  override componentWillUnmount() {
    this.#stopListening();
  }

  #reset = () => {
    this.#stopListening();
    this.setState({ error: undefined, failed: false });
  };

  #retry = () => {
    this.props.onRetry?.();
    this.#reset();
  };

  override render() {
    if (!this.state.failed) return this.props.children;
    const { error } = this.state;
    return <Failed error={error} onRetry={() => (isRetryable(error) ? void error.retry() : this.#retry())} />;
  }
}

function isRetryable(error: unknown): error is Retryable {
  return error instanceof Error && 'retry' in error && 'onRetry' in error;
}

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useMessages();
  const failure = failureOf(error);
  const reload = failure.kind === 'otherVersion';
  // The frame tries everything again that shows such a failure.
  const isTriedAbove = useContext(Trouble) === failure.kind;
  return (
    <ErrorState
      // Without the seconds to wait, which pass: the frame counts them.
      sentence={sentenceOfFailure(t, { kind: failure.kind, code: failure.code })}
      requestId={failure.requestId}
      onRetry={isTriedAbove ? undefined : reload ? () => window.location.reload() : onRetry}
      retryLabel={reload ? t.ui.reload : undefined}
    />
  );
}

/** What the boundary caught. A part of the program that is not there any more is a sign of a new version of the server. */
function failureOf(error: unknown): FailureData & { requestId?: string | undefined } {
  if (error instanceof Error) {
    if ('kind' in error && isFailure(error)) return error;
    if (/dynamically imported module|Importing a module script failed/.test(error.message))
      return { kind: 'otherVersion' };
  }
  return { kind: 'failed' };
}

function isFailure(error: Error & { kind: unknown }): error is Error & FailureData & { requestId?: string } {
  return typeof error.kind === 'string';
}
