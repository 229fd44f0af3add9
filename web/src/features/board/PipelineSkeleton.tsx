import { Skeleton } from '../../ui/Skeleton';
import './PipelineSkeleton.css';

/** Of the size of the board while it loads. */
export function PipelineSkeleton() {
  return (
    <div className="pipeline-skeleton">
      <div className="pipeline-skeleton-bar">
        <Skeleton width="14rem" height="1.5rem" />
        <Skeleton width="12rem" height="2.125rem" />
      </div>
      <div className="pipeline-skeleton-columns">
        {[9, 12, 10, 14, 8, 11].map((height, index) => (
          <Skeleton key={index} width="17rem" height={`${height * 1.5}rem`} />
        ))}
      </div>
    </div>
  );
}
