import { useEffect, useState } from 'react';
import { useMessages } from '../messages/Messages';
import { announce } from './announce';
import { copyOrSay } from './copyText';
import { IconButton } from './IconButton';

/** Puts `text` into the clipboard, and says so. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const t = useMessages();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <IconButton
      size="sm"
      icon={isCopied ? 'check' : 'copy'}
      label={isCopied ? t.ui.copied : (label ?? t.ui.copy)}
      onPress={() => {
        void copyOrSay(t, text).then((isDone) => {
          if (!isDone) return;
          setCopied(true);
          announce(t.ui.copied);
        });
      }}
    />
  );
}
