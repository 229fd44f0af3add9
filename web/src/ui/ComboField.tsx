import { useContext, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox, ComboBoxStateContext, Input } from 'react-aria-components/ComboBox';
import { useMessages } from '../messages/Messages';
import { type ComboItem, type ComboLoad, useFound } from './combo';
import { ComboPopover } from './ComboPopover';
import { FieldErrors, FieldHead } from './AriaField';
import { cannotChange, errorsOf, fieldClass, type FieldProps } from './Field';
import { Icon } from './Icon';
import './Options.css';
import './ComboField.css';

export type { ComboItem, ComboLoad } from './combo';

export interface ComboFieldProps extends FieldProps {
  /** The chosen thing; null is none. */
  value: ComboItem | null;
  onChange: (value: ComboItem | null) => void;
  load: ComboLoad;
  placeholder?: string | undefined;
}

/** Chooses one of many things on the server by its name. Empty text chooses none. */
export function ComboField(props: ComboFieldProps) {
  const t = useMessages();
  const { value, onChange, error } = props;
  const [text, setText] = useState(value?.label ?? '');
  // The value can be changed from outside: by undo, by a merge.
  const [shown, setShown] = useState(value);
  if (shown?.id !== value?.id || shown?.label !== value?.label) {
    setShown(value);
    setText(value?.label ?? '');
  }
  const found = useFound(props.load);
  const isFixed = cannotChange(props);
  const label = value?.label ?? '';
  const showValue = () => {
    if (text === label) return;
    setText(label);
    found.search('');
  };
  return (
    <ComboBox
      className={fieldClass('combo-field', props)}
      items={found.items}
      value={value?.id ?? null}
      inputValue={text}
      onInputChange={(next) => {
        setText(next);
        found.search(next === value?.label ? '' : next);
      }}
      onChange={(key) => {
        const item = found.items.find(({ id }) => id === key);
        // What is chosen already is said again when the list is closed or the field is left with another text.
        if (item === undefined || item.id === value?.id) {
          if (value !== null && text.trim() === '') onChange(null);
          return showValue();
        }
        setText(item.label);
        onChange(item);
      }}
      onBlur={() => {
        if (text.trim() === '' && value !== null) onChange(null);
        else showValue();
      }}
      menuTrigger="manual"
      onOpenChange={found.onOpenChange}
      allowsEmptyCollection
      isDisabled={isFixed}
      isRequired={props.isRequired}
      isInvalid={errorsOf(error).length > 0}
      validationBehavior="aria"
      name={props.name}
      id={props.id}
      autoFocus={props.autoFocus}
    >
      <FieldHead {...props} />
      <div className="field-box combo-box">
        <ComboInput placeholder={props.placeholder ?? t.ui.typeToFind} />
        {value !== null && !isFixed && (
          <Button
            slot={null}
            className="combo-button"
            aria-label={t.ui.clearField(props.label)}
            onPress={() => {
              setText('');
              onChange(null);
            }}
          >
            <Icon name="close" />
          </Button>
        )}
        <Button className="combo-button" aria-label={t.ui.showOptions}>
          <Icon name="chevronDown" />
        </Button>
      </div>
      <FieldErrors error={error} />
      <ComboPopover found={found} />
    </ComboBox>
  );
}

/**
 * Opens the list when it is clicked, as people expect of a field with an arrow, and when somebody writes: for its
 * ComboBox with `menuTrigger="manual"`, which would also open it when the text is put back. The first click selects the
 * text, so that writing replaces it.
 */
export function ComboInput({ placeholder, className = '' }: { placeholder: string; className?: string }) {
  const state = useContext(ComboBoxStateContext);
  const hadFocus = useRef(false);
  return (
    <Input
      className={`field-input ${className}`}
      placeholder={placeholder}
      translate="no"
      onChange={() => {
        if (state?.isOpen === false) state.open(null, 'input');
      }}
      onPointerDown={({ currentTarget }) => {
        hadFocus.current = document.activeElement === currentTarget;
      }}
      onClick={({ currentTarget }) => {
        const { selectionStart, selectionEnd } = currentTarget;
        if (!hadFocus.current && selectionStart === selectionEnd) currentTarget.select();
        if (state?.isOpen === false) state.open(null, 'manual');
      }}
    />
  );
}
