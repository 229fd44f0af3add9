import { Skeleton } from '../ui/Skeleton';
import './Page.css';

/** In the place of a page that is loading. */
export function PageSkeleton() {
  return (
    <div className="page">
      <Skeleton width="12rem" height="1.75rem" />
      <Skeleton height="4rem" />
      <Skeleton height="4rem" />
      <Skeleton height="4rem" />
    </div>
  );
}
