import { useEffect, useState, useSyncExternalStore } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { useFormat, useMessages } from '../messages/Messages';
import type { ConnectionStore } from '../relay/connection';
import { RequestFailed } from '../relay/errors';
import { refreshPage, retryFailed } from '../relay/pageQueries';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';

/** Says why requests fail, and tries again: on demand, after the time that the service names, or once the network is there. */
export function ConnectionBanner({ connection }: { connection: ConnectionStore }) {
  const t = useMessages();
  const environment = useRelayEnvironment();
  const state = useSyncExternalStore(connection.subscribe, () => connection.state);
  const [isTrying, setTrying] = useState(false);

  async function tryAgain() {
    setTrying(true);
    retryFailed(environment);
    await refreshPage(environment);
    setTrying(false);
  }

  useEffect(() => {
    const online = () => {
      retryFailed(environment);
      void refreshPage(environment);
    };
    const offline = () => connection.report(new RequestFailed('offline', 'The browser has no network.'));
    window.addEventListener('online', online);
    window.addEventListener('offline', offline);
    return () => {
      window.removeEventListener('online', online);
      window.removeEventListener('offline', offline);
    };
  }, [connection, environment]);

  if (state.is === 'working') return null;
  const { failure, since } = state;
  const again = (
    <Button size="sm" isBusy={isTrying} onPress={() => void tryAgain()}>
      {t.ui.tryAgain}
    </Button>
  );
  switch (failure.kind) {
    case 'otherVersion':
      return (
        <Banner
          title={t.frame.otherVersion}
          announced="alert"
          actions={
            <Button size="sm" variant="primary" onPress={() => window.location.reload()}>
              {t.ui.reload}
            </Button>
          }
        >
          {t.frame.otherVersionText}
        </Banner>
      );
    case 'rateLimited': {
      const seconds = failure.retryAfterSeconds;
      if (seconds === undefined) {
        return (
          <Banner tone="warning" icon="clock" title={t.frame.rateLimited} actions={again}>
            {t.frame.rateLimitedText}
          </Banner>
        );
      }
      return (
        <Banner tone="warning" icon="clock" title={t.frame.rateLimited}>
          <Countdown
            key={since}
            until={since + seconds * 1000}
            onEnd={() => {
              connection.report(null);
              retryFailed(environment);
            }}
          />
        </Banner>
      );
    }
    case 'unavailable':
      return (
        <Banner tone="warning" title={t.frame.unavailable} actions={again}>
          {t.frame.unavailableText}
        </Banner>
      );
    default:
      return (
        <Banner tone="warning" icon="offline" title={t.frame.offline} actions={again}>
          {t.frame.offlineText}
        </Banner>
      );
  }
}

/** The seconds that are left. Read out once only: a number that changes each second would drown everything else. */
function Countdown({ until, onEnd }: { until: number; onEnd: () => void }) {
  const t = useMessages();
  const format = useFormat();
  const [now, setNow] = useState(Date.now);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 250);
    return () => window.clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left === 0) onEnd();
  }, [left === 0]);
  return (
    <span role="timer" aria-live="off">
      {t.frame.rateLimitedFor(format.durationInWords(left))}
    </span>
  );
}
