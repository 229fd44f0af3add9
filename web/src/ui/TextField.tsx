import type { HTMLInputAutoCompleteAttribute, KeyboardEventHandler, Ref } from 'react';
import { Icon, type IconName } from './Icon';
import { TextFrame, type TextProps } from './TextFrame';

export interface TextFieldProps extends TextProps {
  onKeyDown?: KeyboardEventHandler<HTMLInputElement> | undefined;
  type?: 'text' | 'url' | 'tel' | 'email' | 'search' | 'password' | undefined;
  icon?: IconName | undefined;
  /** What follows the text inside the box, such as a unit. */
  suffix?: string | undefined;
  /** Which keyboard a phone shows. */
  inputMode?: 'numeric' | 'text' | undefined;
  autoComplete?: HTMLInputAutoCompleteAttribute | undefined;
  inputRef?: Ref<HTMLInputElement> | undefined;
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const { icon, suffix, onChange } = props;
  return (
    <TextFrame field={props} className="text-field">
      {(control) => (
        <>
          {icon !== undefined && (
            <span className="text-field-icon">
              <Icon name={icon} />
            </span>
          )}
          <input
            {...control}
            ref={props.inputRef}
            type={props.type}
            inputMode={props.inputMode}
            autoComplete={props.autoComplete ?? 'off'}
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={props.onKeyDown}
          />
          {suffix !== undefined && (
            <span className="text-field-suffix" aria-hidden="true">
              {suffix}
            </span>
          )}
        </>
      )}
    </TextFrame>
  );
}
