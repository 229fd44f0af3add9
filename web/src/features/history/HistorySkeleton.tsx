import { Skeleton } from '../../ui/Skeleton';
import './HistoryList.css';

/** Stands in the place of a page of changes. */
export function HistorySkeleton() {
  return (
    <div className="history-skeleton">
      {Array.from({ length: 4 }, (_, index) => (
        <div key={index} className="history-skeleton-entry">
          <Skeleton width="1.75rem" height="1.75rem" />
          <div>
            <Skeleton width="60%" height="1rem" />
            <Skeleton width="85%" height="0.875rem" />
          </div>
        </div>
      ))}
    </div>
  );
}
