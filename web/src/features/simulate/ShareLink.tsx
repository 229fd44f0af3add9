import { useState } from 'react';
import { useMessages } from '../../messages/Messages';
import { announce } from '../../ui/announce';
import { copyText } from '../../ui/copyText';
import { IconButton } from '../../ui/IconButton';
import { TextField } from '../../ui/TextField';

/** Copies the address of the page, which says everything. Where the browser copies nothing, it shows the address. */
export function ShareLink() {
  const t = useMessages();
  const [state, setState] = useState<'idle' | 'copied' | 'shown'>('idle');
  async function copy() {
    try {
      await copyText(window.location.href);
      setState('copied');
      announce(t.simulate.shared);
    } catch {
      setState('shown');
    }
  }
  return (
    <>
      <IconButton
        icon={state === 'copied' ? 'check' : 'link'}
        label={state === 'copied' ? t.ui.copied : t.simulate.share}
        onPress={() => void copy()}
      />
      {state === 'shown' && (
        <TextField
          label={t.simulate.link}
          value={window.location.href}
          onChange={() => undefined}
          disabledReason={t.simulate.linkReason}
          isCode
          className="simulation-link"
        />
      )}
    </>
  );
}
