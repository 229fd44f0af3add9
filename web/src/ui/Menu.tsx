import type { ReactNode } from 'react';
import { Header } from 'react-aria-components/Header';
import { Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger, SubmenuTrigger } from 'react-aria-components/Menu';
import { Popover, type PopoverProps } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import { Icon, type IconName } from './Icon';
import { Keys } from './Keys';
import './Options.css';
import './Menu.css';

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

/** A button with a list of what can be done. */
export function Menu({ trigger, label, items, placement = 'bottom end', onOpenChange }: MenuProps) {
  return (
    <MenuTrigger onOpenChange={onOpenChange}>
      {trigger}
      <Popover className="options-popover menu-popover" placement={placement}>
        <Entries label={label} items={items} />
      </Popover>
    </MenuTrigger>
  );
}

/** Is drawn only while the menu is open. */
function Entries({ label, items }: Pick<MenuProps, 'label' | 'items'>) {
  const entries = typeof items === 'function' ? items() : items;
  return (
    <AriaMenu className="options" aria-label={label}>
      {entries.map(entry)}
    </AriaMenu>
  );
}

function entry(item: MenuEntry, index: number): ReactNode {
  if (item === '-') return <Separator key={index} className="menu-line" />;
  if ('title' in item) {
    return (
      <MenuSection key={item.id}>
        <Header className="menu-title">{item.title}</Header>
        {item.items.map(action)}
      </MenuSection>
    );
  }
  return action(item);
}

function action(item: MenuAction): ReactNode {
  const note = item.disabledReason ?? item.description;
  const element = (
    <MenuItem
      key={item.id}
      id={item.id}
      textValue={item.label}
      isDisabled={item.isDisabled === true || item.disabledReason !== undefined}
      onAction={item.onAction}
      className={`options-item${item.isDanger === true ? ' menu-danger' : ''}`}
    >
      {item.icon !== undefined && <Icon name={item.icon} />}
      <span className="options-text">
        <span translate={item.isData === true ? 'no' : undefined}>{item.label}</span>
        {note !== undefined && <span className="options-description">{note}</span>}
      </span>
      {item.shortcut !== undefined && <Keys shortcut={item.shortcut} />}
      {item.isChosen === true && <Icon name="check" />}
      {item.items !== undefined && <Icon name="chevronRight" />}
    </MenuItem>
  );
  if (item.items === undefined) return element;
  return (
    <SubmenuTrigger key={item.id}>
      {element}
      <Popover className="options-popover menu-popover">
        <Entries label={item.label} items={item.items} />
      </Popover>
    </SubmenuTrigger>
  );
}
