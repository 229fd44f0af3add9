import { type ReactNode, useRef, useState } from 'react';
import { ButtonContext } from 'react-aria-components/Button';
import type { PopoverProps } from 'react-aria-components/Popover';
import type { IconName } from './Icon';
import { overlays, useOverlay } from './overlays';

export interface MenuAction {
  id: string;
  label: string;
  icon?: IconName | undefined;
  description?: string | undefined;
  shortcut?: string | undefined;
  isDisabled?: boolean | undefined;
  /** Why it cannot be done now; takes the place of the description. */
  disabledReason?: string | undefined;
  /** Deletes something. */
  isDanger?: boolean | undefined;
  /** Whether it is the chosen one of several. */
  isChosen?: boolean | undefined;
  /** Whether the label is somebody's own word instead of a message. */
  isData?: boolean | undefined;
  onAction?: (() => void) | undefined;
  /** Instead of `onAction`: a menu behind it. */
  items?: readonly MenuEntry[] | undefined;
}

/** `'-'` is a line between groups; a section has a title. */
export type MenuEntry = MenuAction | '-' | { id: string; title: string; items: readonly MenuAction[] };

export interface MenuProps {
  /** The Button or IconButton that opens it. */
  trigger: ReactNode;
  /** What the menu is about, where the trigger does not say it. */
  label?: string | undefined;
  /** A function is called when the menu opens: a closed menu costs nothing. */
  items: readonly MenuEntry[] | (() => readonly MenuEntry[]);
  placement?: PopoverProps['placement'];
  onOpenChange?: ((isOpen: boolean) => void) | undefined;
}

/** A button with a list of what can be done. The list and all that it needs are loaded when it is needed first. */
export function Menu({ trigger, label, items, placement = 'bottom end', onOpenChange }: MenuProps) {
  const [open, setOpen] = useState<'first' | 'last' | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const MenuPopover = useOverlay(overlays.menu, open !== null);
  const change = (next: 'first' | 'last' | null) => {
    setOpen(next);
    onOpenChange?.(next !== null);
  };
  return (
    <>
      <ButtonContext
        value={{
          ref: button,
          'aria-haspopup': 'menu',
          'aria-expanded': open !== null,
          onPress: () => change('first'),
          onKeyDown(event) {
            if (event.key === 'ArrowDown') change('first');
            else if (event.key === 'ArrowUp') change('last');
            else event.continuePropagation();
          },
        }}
      >
        {trigger}
      </ButtonContext>
      {open !== null && MenuPopover !== null && (
        <MenuPopover
          button={button}
          label={label}
          items={items}
          placement={placement}
          focus={open}
          onClose={() => change(null)}
        />
      )}
    </>
  );
}
