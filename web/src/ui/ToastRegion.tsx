import { useEffect } from 'react';
import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContentBox,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as AriaToastRegion,
} from 'react-aria-components/Toast';
import { useMessages } from '../messages/Messages';
import { Button } from './Button';
import { Icon } from './Icon';
import { IconButton } from './IconButton';
import { showToastsBy, type ToastContent } from './toasts';
import './Toasts.css';

/** How long a toast stays; the time stands still while the pointer or the focus is on one. */
const STAYS_MS = 8000;

/** Three are visible, the others wait. */
const queue = new ToastQueue<ToastContent>({ maxVisibleToasts: 3 });

function show(content: ToastContent): () => void {
  const key = queue.add(content, content.tone === 'danger' ? {} : { timeout: STAYS_MS });
  return () => queue.close(key);
}

/** The toasts that are there. F6 moves the focus to them. */
export function ToastRegion() {
  const t = useMessages();
  useEffect(() => showToastsBy(show), []);
  return (
    <AriaToastRegion queue={queue} aria-label={t.ui.notifications} className="toasts">
      {({ toast }) => (
        <Toast toast={toast} className={`toast toast-${toast.content.tone ?? 'neutral'}`}>
          {toast.content.tone === 'success' && <Icon name="check" />}
          {toast.content.tone === 'danger' && <Icon name="error" />}
          <div className="toast-main">
            <ToastContentBox className="toast-content">
              <Text slot="title">{toast.content.text}</Text>
            </ToastContentBox>
            {toast.content.action !== undefined && (
              <Button
                size="sm"
                slot={null}
                onPress={() => {
                  queue.close(toast.key);
                  toast.content.action?.run();
                }}
              >
                {toast.content.action.label}
              </Button>
            )}
          </div>
          <IconButton size="sm" icon="close" label={t.ui.close} slot="close" />
        </Toast>
      )}
    </AriaToastRegion>
  );
}
