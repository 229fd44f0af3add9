import { useEffect, useRef, type ReactNode } from 'react';
import { isNavigation } from './navigation';
import { usePageTitle } from './usePageTitle';

interface Props {
  /** The title of the page, also of the tab. */
  title: string;
  /** What stands in the heading, where that is more than the title. */
  children?: ReactNode;
  /** Whether the title is somebody's own word instead of a message. */
  isData?: boolean;
  className?: string;
}

/** The heading of a page, which each page has. After following a link it has the focus, so that it is read. */
export function PageHeading({ title, children = title, isData = false, className }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(title);
  useEffect(() => {
    if (!isNavigation()) return;
    // Not over what the page itself has given the focus, like the panel of a step that the address names.
    const page = heading.current?.closest('main');
    if (!page?.contains(document.activeElement)) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className={className} translate={isData ? 'no' : undefined}>
      {children}
    </h1>
  );
}
