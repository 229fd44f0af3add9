import type { KeyboardEventHandler, Ref } from 'react';
import { TextFrame, type TextProps } from './TextFrame';
import './TextArea.css';

export interface TextAreaProps extends TextProps {
  onKeyDown?: KeyboardEventHandler<HTMLTextAreaElement> | undefined;
  /** The lines that are there without a text; it grows with its text up to half of the window. */
  rows?: number | undefined;
  inputRef?: Ref<HTMLTextAreaElement> | undefined;
}

/** Text of several lines. */
export function TextArea(props: TextAreaProps) {
  return (
    <TextFrame field={props} className="text-area">
      {(control) => (
        <textarea
          {...control}
          ref={props.inputRef}
          className={`${control.className} text-area-input`}
          rows={props.rows ?? 3}
          onChange={(event) => props.onChange(event.target.value)}
          onKeyDown={props.onKeyDown}
        />
      )}
    </TextFrame>
  );
}
