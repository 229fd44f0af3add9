import { Skeleton } from '../../ui/Skeleton';
import './PipelineList.css';
import './PipelineRow.css';

/** In the place of the list while it is loading. */
export function PipelineListSkeleton() {
  return (
    <div className="pipeline-list">
      {['11rem', '15rem', '9rem', '13rem'].map((width) => (
        <div key={width} className="pipeline-row">
          <Skeleton width={width} height="1.25rem" />
          <Skeleton width="80%" height="1rem" />
        </div>
      ))}
    </div>
  );
}
