import { useEffect } from 'react';
import { useMessages } from '../messages/Messages';

/** Names the page in the title of the tab and in the history of the browser. */
export function usePageTitle(title: string): void {
  const t = useMessages();
  useEffect(() => {
    document.title = t.frame.title(title);
  }, [t, title]);
}
