import type { Ref } from 'react';
import { Button } from 'react-aria-components/Button';
import { Tag, TagGroup, TagList } from 'react-aria-components/TagGroup';
import { useMessages } from '../messages/Messages';
import { Icon } from './Icon';
import './Chips.css';

export interface Chip {
  id: string;
  label: string;
  /** Whether the service refuses this one. */
  isInvalid?: boolean | undefined;
}

export interface ChipsProps {
  /** What they are. */
  label: string;
  chips: readonly Chip[];
  /** Without it they stay. */
  onRemove?: ((id: string) => void) | undefined;
  ref?: Ref<HTMLDivElement> | undefined;
}

/** The values of a field of several, each with its cross; arrow keys go through them, Delete removes one. */
export function Chips({ label, chips, onRemove, ref }: ChipsProps) {
  const t = useMessages();
  if (chips.length === 0) return null;
  return (
    <TagGroup
      ref={ref}
      className="chips"
      aria-label={label}
      onRemove={
        onRemove === undefined
          ? undefined
          : (keys) => {
              for (const key of keys) onRemove(String(key));
            }
      }
    >
      <TagList className="chips-list" items={chips}>
        {(chip) => (
          <Tag
            translate="no"
            id={chip.id}
            textValue={chip.label}
            className={`chip${chip.isInvalid === true ? ' chip-invalid' : ''}`}
          >
            {chip.isInvalid === true && <Icon name="error" />}
            <span className="chip-text" translate="no">
              {chip.label}
            </span>
            {onRemove !== undefined && (
              <Button slot="remove" className="chip-remove" aria-label={t.ui.remove(chip.label)}>
                <Icon name="close" />
              </Button>
            )}
          </Tag>
        )}
      </TagList>
    </TagGroup>
  );
}
