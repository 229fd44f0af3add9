import { type ReactNode, type Ref, useId, useState } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { TooltipTrigger } from 'react-aria-components/Tooltip';
import { useMessages } from '../messages/Messages';
import { Icon, type IconName } from './Icon';
import { ariaKeys } from './Keys';
import { Spinner } from './Spinner';
import { TooltipText } from './Tooltip';
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

/** The element under Button and IconButton. `label` and `tooltip` are for those without a text. */
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
  tooltip,
  onPress,
  ...rest
}: ButtonBase & { children: ReactNode; label?: string | undefined; tooltip?: string | undefined }) {
  const t = useMessages();
  const [isReasonOpen, setReasonOpen] = useState(false);
  const reasonId = useId();
  const reason = isDisabled && !isBusy ? disabledReason : undefined;
  const button = (
    <AriaButton
      {...rest}
      aria-label={label}
      aria-describedby={reason === undefined ? rest['aria-describedby'] : reasonId}
      aria-keyshortcuts={shortcut === undefined ? undefined : ariaKeys(shortcut)}
      className={`button button-${variant} button-${size}${className === undefined ? '' : ` ${className}`}`}
      isDisabled={isDisabled && reason === undefined}
      isPending={isBusy}
      // A finger cannot rest on it: a press shows the reason, too.
      onPress={reason === undefined ? onPress : () => setReasonOpen(true)}
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
  if (reason !== undefined) {
    return (
      <TooltipTrigger
        delay={300}
        closeDelay={100}
        isOpen={isReasonOpen}
        onOpenChange={setReasonOpen}
        shouldCloseOnPress={false}
      >
        {button}
        <TooltipText text={tooltip === undefined ? reason : `${tooltip}: ${reason}`} />
      </TooltipTrigger>
    );
  }
  if (tooltip === undefined) return button;
  return (
    <TooltipTrigger delay={500} closeDelay={100}>
      {button}
      <TooltipText text={tooltip} shortcut={shortcut} />
    </TooltipTrigger>
  );
}
