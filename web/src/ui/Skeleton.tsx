import './Skeleton.css';

/** A grey bar in the place of what is loading; sizes are CSS lengths. Pane says in words that something loads. */
export function Skeleton({
  width = '100%',
  height = '1rem',
  className,
}: {
  width?: string;
  height?: string;
  className?: string;
}) {
  return (
    <span
      className={`skeleton${className === undefined ? '' : ` ${className}`}`}
      aria-hidden="true"
      style={{ inlineSize: width, blockSize: height }}
    />
  );
}

/** Bars in the place of a text of some lines. */
export function SkeletonText({ lines = 3 }: { lines?: number }) {
  return (
    <span className="skeleton-text" aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} width={line === lines - 1 ? '60%' : '100%'} height="0.875rem" />
      ))}
    </span>
  );
}
