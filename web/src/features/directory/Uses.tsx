import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Skeleton } from '../../ui/Skeleton';
import { readImpact, type Impact } from './impact';

const UsesDialog = lazy(() => import('./UsesDialog'));

/**
 * In how many steps an agent or a person is used; pressed, in which ones. The service counts one thing at a time, so
 * that only what is visible is asked for.
 */
export function Uses({ id, name }: { id: string; name: string }) {
  const t = useMessages();
  const format = useFormat();
  const environment = useRelayEnvironment();
  const [impact, setImpact] = useState<Impact | 'unknown' | null>(null);
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let isWanted = true;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      void readImpact(environment, id).then((read) => {
        if (isWanted) setImpact(read ?? 'unknown');
      });
    });
    observer.observe(element);
    return () => {
      isWanted = false;
      observer.disconnect();
    };
  }, [environment, id]);

  return (
    <span ref={place} className="directory-uses">
      {impact === null && <Skeleton width="6rem" height="1rem" />}
      {impact !== null && impact !== 'unknown' && impact.usedByCount === 0 && <span>{t.directory.unused}</span>}
      {impact !== null && impact !== 'unknown' && impact.usedByCount > 0 && (
        <Button size="sm" variant="quiet" onPress={() => setOpen(true)} aria-haspopup="dialog">
          {t.directory.usedBy(impact.usedByCount, format.number(impact.usedByCount))}
        </Button>
      )}
      {isOpen && impact !== null && impact !== 'unknown' && (
        <Suspense>
          <UsesDialog title={t.directory.usedByTitle(name)} impact={impact} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </span>
  );
}
