import { Link } from 'wouter';
import type { View } from '../../app/routes';
import { useMessages } from '../../messages/Messages';
import { Icon } from '../../ui/Icon';
import type { PipelineAddress } from './usePipelineAddress';
import '../../ui/Segmented.css';

const VIEWS: readonly View[] = ['board', 'list', 'flow'];

/** The views of the pipeline, each with its address. Selection, filter and open step stay. */
export function ViewSwitch({ address }: { address: PipelineAddress }) {
  const t = useMessages();
  const names = { board: t.board.viewBoard, list: t.board.viewList, flow: t.board.viewFlow };
  return (
    <nav className="segmented view-switch" aria-label={t.board.views}>
      {VIEWS.map((view) => (
        <Link
          key={view}
          href={address.hrefWith({ view })}
          className="segmented-item"
          aria-current={view === address.view ? 'page' : undefined}
        >
          <Icon name={view} />
          {names[view]}
        </Link>
      ))}
    </nav>
  );
}
