import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContentBox,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { useMessages } from '../messages/Messages';
import { Button } from './Button';
import { Icon } from './Icon';
import { IconButton } from './IconButton';
import { toastQueue } from './toasts';
import './Toasts.css';

/** Where toasts appear; the frame draws it once. F6 moves the focus there. */
export function Toasts() {
  const t = useMessages();
  return (
    <ToastRegion queue={toastQueue} aria-label={t.ui.notifications} className="toasts">
      {({ toast }) => (
        <Toast toast={toast} className={`toast toast-${toast.content.tone ?? 'neutral'}`}>
          {toast.content.tone === 'success' && <Icon name="check" />}
          {toast.content.tone === 'danger' && <Icon name="error" />}
          <ToastContentBox className="toast-content">
            <Text slot="title">{toast.content.text}</Text>
          </ToastContentBox>
          {toast.content.action !== undefined && (
            <Button
              size="sm"
              slot={null}
              onPress={() => {
                toastQueue.close(toast.key);
                toast.content.action?.run();
              }}
            >
              {toast.content.action.label}
            </Button>
          )}
          <IconButton size="sm" icon="close" label={t.ui.close} slot="close" />
        </Toast>
      )}
    </ToastRegion>
  );
}
