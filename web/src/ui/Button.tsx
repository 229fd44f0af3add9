import { type ReactNode, type Ref, useId, useRef } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps, ButtonContext } from 'react-aria-components/Button';
import { useMessages } from '../messages/Messages';
import { Icon, type IconName } from './Icon';
import { ariaKeys } from './Keys';
import { Spinner } from './Spinner';
import { useTooltip } from './useTooltip';
import { VisuallyHidden } from './VisuallyHidden';
import './Button.css';

export type ButtonVariant = 'primary' | 'plain' | 'danger' | 'quiet';
export type ButtonSize = 'sm' | 'md';

/** What Button, IconButton and the like have in common. */
export interface ButtonBase {
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  /** While it is busy the button keeps its size and the focus, and cannot be pressed. */
  isBusy?: boolean | undefined;
  isDisabled?: boolean | undefined;
  /** Why it is disabled. The button can then get the focus, and says it. */
  disabledReason?: string | undefined;
  onPress?: AriaButtonProps['onPress'];
  type?: 'button' | 'submit' | undefined;
  /** The id of the form that a submit button outside of it sends. */
  form?: string | undefined;
  /** `mod+s`: shown in the tooltip of an IconButton and told to assistive technology. It does not bind the key: useShortcut does. */
  shortcut?: string | undefined;
  autoFocus?: boolean | undefined;
  className?: string | undefined;
  id?: string | undefined;
  slot?: string | null | undefined;
  ref?: Ref<HTMLButtonElement> | undefined;
  'aria-describedby'?: string | undefined;
  'aria-expanded'?: boolean | undefined;
  'aria-controls'?: string | undefined;
  'aria-haspopup'?: 'menu' | 'dialog' | 'listbox' | undefined;
}

export interface ButtonProps extends ButtonBase {
  children: ReactNode;
  icon?: IconName | undefined;
  /** The icon behind the text, such as the arrow of a menu. */
  iconAfter?: IconName | undefined;
}

/** A button with a text. */
export function Button({ children, icon, iconAfter, ...base }: ButtonProps) {
  return (
    <BaseButton {...base}>
      {icon !== undefined && <Icon name={icon} />}
      <span className="button-text">{children}</span>
      {iconAfter !== undefined && <Icon name={iconAfter} />}
    </BaseButton>
  );
}

/** The element under Button and IconButton. `label` is the name and the tooltip of those without a text. */
export function BaseButton({
  variant = 'plain',
  size = 'md',
  isBusy = false,
  isDisabled = false,
  disabledReason,
  shortcut,
  className,
  children,
  label,
  onPress,
  ref,
  ...rest
}: ButtonBase & { children: ReactNode; label?: string | undefined }) {
  const t = useMessages();
  const reasonId = useId();
  const target = useRef<HTMLButtonElement>(null);
  const reason = isDisabled && !isBusy ? disabledReason : undefined;
  const texts = [label, reason].filter((text) => text !== undefined);
  const tooltip = useTooltip(target, texts.length > 0 ? { text: texts.join(': '), shortcut } : undefined);
  const button = (
    <AriaButton
      {...rest}
      {...tooltip.props}
      ref={(element) => {
        target.current = element;
        if (typeof ref === 'function') return ref(element);
        if (ref != null) ref.current = element;
        return undefined;
      }}
      aria-label={label}
      // Of a tooltip that only repeats the label nothing more is to be said.
      aria-describedby={reason === undefined ? rest['aria-describedby'] : reasonId}
      aria-keyshortcuts={shortcut === undefined ? undefined : ariaKeys(shortcut)}
      className={`button button-${variant} button-${size}${className === undefined ? '' : ` ${className}`}`}
      isDisabled={isDisabled && reason === undefined}
      isPending={isBusy}
      // A finger cannot rest on it: a press shows the reason, too.
      onPress={reason === undefined ? onPress : tooltip.show}
      type={reason === undefined ? rest.type : 'button'}
      render={reason === undefined ? undefined : (props) => <button {...props} aria-disabled="true" />}
    >
      <span className="button-content">{children}</span>
      {isBusy && (
        <span className="button-busy">
          <Spinner />
          <VisuallyHidden>{t.ui.busy}</VisuallyHidden>
        </span>
      )}
      {reason !== undefined && (
        <span hidden id={reasonId}>
          {reason}
        </span>
      )}
    </AriaButton>
  );
  return (
    <>
      {/* What a menu or a dialog around it would do with it cannot be done either. */}
      {reason === undefined ? button : <ButtonContext value={null}>{button}</ButtonContext>}
      {tooltip.bubble}
    </>
  );
}
