import { lazy, Suspense, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { readImpact, type Impact } from './impact';

const UsesDialog = lazy(() => import('./UsesDialog'));

/** In how many steps an agent or a person is used; pressed, in which ones, as they are then. */
export function Uses({ id, name, count }: { id: string; name: string; count: number }) {
  const t = useMessages();
  const format = useFormat();
  const environment = useRelayEnvironment();
  const [isBusy, setBusy] = useState(false);
  const [impact, setImpact] = useState<Impact | null>(null);

  const open = async () => {
    setBusy(true);
    setImpact(await readImpact(environment, id));
    setBusy(false);
  };

  return (
    <span className="directory-uses">
      {count === 0 ? (
        <span>{t.directory.unused}</span>
      ) : (
        <Button size="sm" variant="quiet" isBusy={isBusy} onPress={() => void open()} aria-haspopup="dialog">
          {t.directory.usedBy(count, format.number(count))}
        </Button>
      )}
      {impact !== null && (
        <Suspense>
          <UsesDialog title={t.directory.usedByTitle(name)} impact={impact} onClose={() => setImpact(null)} />
        </Suspense>
      )}
    </span>
  );
}
