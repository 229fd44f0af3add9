import { Skeleton } from '../../ui/Skeleton';
import './DirectoryList.css';

/** Stands in the place of a list that is loading. */
export function DirectorySkeleton() {
  return (
    <div className="directory-list">
      {Array.from({ length: 4 }, (_, index) => (
        <div key={index} className="directory-row">
          <Skeleton width="1.5rem" height="1.5rem" />
          <div className="directory-row-text">
            <Skeleton width="12rem" height="1.25rem" />
          </div>
          <Skeleton width="6rem" height="1rem" />
          <Skeleton width="4rem" height="1.75rem" />
        </div>
      ))}
    </div>
  );
}
