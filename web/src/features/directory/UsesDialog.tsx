import { useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import type { Impact } from './impact';
import { UsesList } from './UsesList';

/** Shows the steps that use something. */
export default function UsesDialog({ title, impact, onClose }: { title: string; impact: Impact; onClose: () => void }) {
  const t = useMessages();
  return (
    <Dialog title={title} size="sm" onClose={onClose} footer={<Button onPress={onClose}>{t.ui.close}</Button>}>
      <UsesList impact={impact} />
    </Dialog>
  );
}
