import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox } from 'react-aria-components/ComboBox';
import { useFormat, useMessages } from '../messages/Messages';
import { announce } from './announce';
import { Chips } from './Chips';
import { type ComboItem, type ComboLoad, useFound } from './combo';
import { ComboInput } from './ComboField';
import { ComboPopover } from './ComboPopover';
import { FieldErrors, FieldHead } from './AriaField';
import { cannotChange, errorsOf, fieldClass, type FieldProps } from './Field';
import { Icon } from './Icon';
import './Options.css';
import './ComboField.css';
import './MultiComboField.css';

export interface MultiComboFieldProps extends FieldProps {
  value: readonly ComboItem[];
  onChange: (value: ComboItem[]) => void;
  load: ComboLoad;
  placeholder?: string | undefined;
  /** How many the service takes; shows "3/100". */
  maxItems?: number | undefined;
  /** The ids of those that the service refuses. */
  invalidIds?: ReadonlySet<string> | undefined;
}

/** Chooses several of many things on the server by their names; the list stays open for the next one. */
export function MultiComboField(props: MultiComboFieldProps) {
  const t = useMessages();
  const format = useFormat();
  const { value, onChange, error, maxItems, invalidIds } = props;
  const [text, setText] = useState('');
  // The state of React Aria compares the list by identity.
  const ids = useMemo(() => value.map(({ id }) => id), [value]);
  const found = useFound(props.load);
  const isFixed = cannotChange(props);
  const remove = (id: string) => {
    const gone = value.find((item) => item.id === id);
    onChange(value.filter((item) => item.id !== id));
    if (gone !== undefined) announce(t.ui.removed(gone.label));
  };
  // Not within the ComboBox: it takes each list in it for its own.
  return (
    <div className={fieldClass('multi-combo-field', props)}>
      <ComboBox
        className="field"
        selectionMode="multiple"
        items={found.items}
        value={ids}
        inputValue={text}
        onInputChange={(next) => {
          setText(next);
          found.search(next);
        }}
        onChange={(keys) => {
          // Those that are not in the present list stay.
          const kept = value.filter(({ id }) => keys.includes(id));
          const added = found.items.filter(({ id }) => keys.includes(id) && !kept.some((item) => item.id === id));
          onChange([...kept, ...added]);
          for (const item of added) announce(t.ui.added(item.label));
          // The list stays open for the next one.
          setText('');
          found.search('');
        }}
        onBlur={() => setText('')}
        menuTrigger="manual"
        onOpenChange={found.onOpenChange}
        allowsEmptyCollection
        isDisabled={isFixed}
        isRequired={props.isRequired}
        isInvalid={errorsOf(error).length > 0}
        validationBehavior="aria"
        id={props.id}
        autoFocus={props.autoFocus}
      >
        <FieldHead {...props} />
        <div className="field-box combo-box">
          <ComboInput placeholder={isFixed ? '' : (props.placeholder ?? t.ui.typeToFind)} />
          <Button className="combo-button" aria-label={t.ui.showOptions}>
            <Icon name="chevronDown" />
          </Button>
        </div>
        <FieldErrors error={error} />
        <ComboPopover found={found} />
      </ComboBox>
      {value.length > 0 && (
        <div className="multi-combo-chosen">
          <Chips
            label={props.label}
            chips={value.map(({ id, label }) => ({ id, label, isInvalid: invalidIds?.has(id) }))}
            onRemove={isFixed ? undefined : remove}
          />
          {maxItems !== undefined && (
            <span className={`field-counter${value.length > maxItems ? ' field-counter-over' : ''}`}>
              {t.ui.counter(format.number(value.length), format.number(maxItems))}
            </span>
          )}
        </div>
      )}
    </div>
  );
}
