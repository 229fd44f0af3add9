import { type ReactNode, useEffect, useId, useRef } from 'react';
import { cannotChange, ErrorLines, errorsOf, FieldDescription, type FieldProps } from './Field';
import './Toggle.css';

export interface ToggleProps extends Pick<
  FieldProps,
  'description' | 'error' | 'isDisabled' | 'isReadOnly' | 'disabledReason' | 'id' | 'name' | 'autoFocus' | 'className'
> {
  /** What is true when it is on. */
  children: ReactNode;
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
  /** Says what it is where `children` are no text. */
  'aria-label'?: string | undefined;
}

interface Props {
  toggle: ToggleProps;
  role?: 'switch';
  isIndeterminate?: boolean;
  className: string;
  /** What is drawn in the box. */
  mark: ReactNode;
}

/** What Checkbox and Switch have in common: the box, the text beside it, and what stands below it. */
export function Toggle({ toggle, role, isIndeterminate = false, className, mark }: Props) {
  const ownId = useId();
  const { children, description, disabledReason, error } = toggle;
  const id = toggle.id ?? ownId;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current !== null) input.current.indeterminate = isIndeterminate;
  }, [isIndeterminate]);
  const sentences = errorsOf(error);
  const isInvalid = sentences.length > 0;
  const isDescribed = description !== undefined || disabledReason !== undefined;
  const described = [isDescribed && `${id}-description`, isInvalid && `${id}-error`].filter((part) => part !== false);
  return (
    <div className={`toggle${toggle.className === undefined ? '' : ` ${toggle.className}`}`}>
      <label className="toggle-label">
        <span className={`toggle-box ${className}`}>
          <input
            ref={input}
            id={id}
            className="toggle-input"
            type="checkbox"
            role={role}
            name={toggle.name}
            checked={toggle.isSelected}
            onChange={(event) => toggle.onChange(event.target.checked)}
            disabled={cannotChange(toggle)}
            autoFocus={toggle.autoFocus}
            aria-label={toggle['aria-label']}
            aria-describedby={described.length > 0 ? described.join(' ') : undefined}
            aria-invalid={isInvalid || undefined}
          />
          {mark}
        </span>
        <span className="toggle-text">{children}</span>
      </label>
      {isDescribed && (
        <span id={`${id}-description`} className={`toggle-note ${className}-note`}>
          <FieldDescription description={description} disabledReason={disabledReason} />
        </span>
      )}
      {isInvalid && (
        <span id={`${id}-error`} className={`toggle-note ${className}-note field-error`}>
          <ErrorLines sentences={sentences} />
        </span>
      )}
    </div>
  );
}
