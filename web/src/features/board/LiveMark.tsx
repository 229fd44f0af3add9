import { useMessages } from '../../messages/Messages';
import type { LiveState } from '../../relay/live';
import './LiveMark.css';

/** Whether changes of others appear by themselves. */
export function LiveMark({ state }: { state: LiveState }) {
  const t = useMessages();
  const texts = {
    live: [t.board.live, t.board.liveText],
    connecting: [t.board.connecting, t.board.connectingText],
    offline: [t.board.offline, t.board.offlineText],
  } as const;
  const [word, sentence] = texts[state];
  return (
    <span className={`live-mark live-mark-${state}`} title={sentence}>
      <span className="live-mark-word">{word}</span>
    </span>
  );
}
