import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from 'react';
import { Input } from 'react-aria-components/Input';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import { useFormat, useMessages } from '../messages/Messages';
import { announce } from './announce';
import { Chips } from './Chips';
import { FieldErrors, FieldHead } from './AriaField';
import { cannotChange, errorsOf, fieldClass, type FieldProps, isForReading } from './Field';
import { splitTags, takeTag } from './tags';
import './TagField.css';

export interface TagFieldProps extends FieldProps {
  /** Also what the service would refuse: the form says what is wrong with it. */
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** How many the service takes; shows "3/50". */
  maxItems?: number | undefined;
  /** The places of the values that the service refuses. */
  invalidAt?: ReadonlySet<number> | undefined;
  placeholder?: string | undefined;
}

/**
 * Words that a person adds one by one (Enter, comma) or several at once (pasted, separated by commas or lines). Text in
 * double quotes may have commas. What was typed and not added is added when the focus leaves.
 */
export function TagField(props: TagFieldProps) {
  const t = useMessages();
  const format = useFormat();
  const { value, onChange, error, maxItems, invalidAt } = props;
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const chips = useRef<HTMLDivElement>(null);
  const isReadOnly = isForReading(props);
  const isFixed = cannotChange(props);

  const add = (tags: readonly string[]) => {
    if (tags.length === 0) return;
    onChange([...value, ...tags]);
    announce(tags.length === 1 ? t.ui.added(tags[0] ?? '') : t.ui.tagsAdded(tags.length));
  };
  const addText = () => {
    const tag = takeTag(text);
    if (tag === null) return;
    add([tag]);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if ((event.key === 'Enter' && text !== '') || (event.key === ',' && !text.startsWith('"'))) {
      event.preventDefault();
      addText();
    } else if (event.key === 'Backspace' && text === '') {
      // The last one gets the focus; a second press removes it.
      const tags = chips.current?.querySelectorAll<HTMLElement>('[role="row"]');
      tags?.[tags.length - 1]?.focus();
    }
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const tags = splitTags(event.clipboardData.getData('text/plain'));
    if (tags.length < 2) return;
    event.preventDefault();
    add(tags);
  };
  return (
    <AriaTextField
      className={fieldClass('tag-field', props)}
      value={text}
      onChange={setText}
      onBlur={addText}
      isDisabled={props.isDisabled === true && !isReadOnly}
      isReadOnly={isReadOnly}
      isRequired={props.isRequired}
      isInvalid={errorsOf(error).length > 0}
      validationBehavior="aria"
      autoComplete="off"
      id={props.id}
      autoFocus={props.autoFocus}
    >
      <FieldHead {...props} />
      <div className="field-box tag-field-box" onClick={() => input.current?.focus()}>
        <Chips
          ref={chips}
          label={props.label}
          chips={value.map((label, at) => ({ id: String(at), label, isInvalid: invalidAt?.has(at) }))}
          onRemove={
            isFixed
              ? undefined
              : (id) => {
                  onChange(value.filter((_, at) => String(at) !== id));
                  announce(t.ui.removed(value[Number(id)] ?? ''));
                }
          }
        />
        <Input
          ref={input}
          className="field-input tag-field-input"
          placeholder={isFixed ? undefined : (props.placeholder ?? t.ui.addTag)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
      </div>
      {(errorsOf(error).length > 0 || maxItems !== undefined) && (
        <div className="field-foot">
          <FieldErrors error={error} />
          {maxItems !== undefined && value.length > 0 && (
            <span className={`field-counter${value.length > maxItems ? ' field-counter-over' : ''}`}>
              {t.ui.counter(format.number(value.length), format.number(maxItems))}
            </span>
          )}
        </div>
      )}
    </AriaTextField>
  );
}
