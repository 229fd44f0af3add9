import { labelOfField } from '../../messages/labels';
import { useMessages } from '../../messages/Messages';
import { ConfirmDialog } from '../../ui/Dialog';
import { Differences, FieldDifference } from '../../ui/difference/FieldDifference';
import { wordsOf } from '../../ui/difference/labels';
import type { FieldValues } from './putBack';

export interface PutBackDialogProps {
  thing: string;
  /** What would change now. */
  fields: readonly FieldValues[];
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before earlier values take the place of what somebody has entered since. */
export default function PutBackDialog({ thing, fields, onConfirm, onClose }: PutBackDialogProps) {
  const t = useMessages();
  return (
    <ConfirmDialog
      title={t.history.sinceTitle(thing)}
      confirmLabel={t.history.putBack}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <div className="put-back-ask">
        <p>{t.history.sinceText}</p>
        <Differences>
          {fields.map(({ name, before, after }) => (
            <FieldDifference
              key={name}
              label={labelOfField(t, name)}
              before={before}
              after={after}
              words={wordsOf(t, name)}
            />
          ))}
        </Differences>
      </div>
    </ConfirmDialog>
  );
}
