import { Skeleton } from '../../ui/Skeleton';
import './PipelineSkeleton.css';

/** How many lines the columns have: as different as those of steps are. */
const LINES = [6, 5, 8, 6, 7, 4];

/** Of the size of the board while it loads. */
export function PipelineSkeleton() {
  return (
    <div className="pipeline-skeleton">
      <div className="pipeline-skeleton-bar">
        <Skeleton width="14rem" height="1.25rem" />
        <Skeleton width="7rem" height="2.125rem" />
      </div>
      <div className="pipeline-skeleton-bar">
        <Skeleton width="14.25rem" height="2.125rem" />
        <Skeleton width="17rem" height="2.125rem" />
      </div>
      <div className="pipeline-skeleton-columns">
        {LINES.map((lines, column) => (
          <div key={column} className="pipeline-skeleton-column">
            <Skeleton width="55%" height="1.25rem" />
            {Array.from({ length: lines }, (_, line) => (
              <Skeleton key={line} width={`${60 + ((column * 7 + line * 13) % 5) * 9}%`} height="0.75rem" />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
