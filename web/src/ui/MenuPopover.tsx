import { type ReactNode, type RefObject, useMemo, useState } from 'react';
import { Header } from 'react-aria-components/Header';
import {
  type Key,
  Menu as AriaMenu,
  MenuItem,
  MenuSection,
  type RootMenuTriggerState,
  RootMenuTriggerStateContext,
  SubmenuTrigger,
} from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import { Icon } from './Icon';
import { Keys } from './Keys';
import type { MenuAction, MenuEntry, MenuProps } from './Menu';
import './Options.css';
import './Menu.css';

interface Props extends Pick<MenuProps, 'label' | 'items' | 'placement'> {
  /** What opened it, and gets the focus back. */
  button: RefObject<HTMLButtonElement | null>;
  /** Which item has the focus. */
  focus: 'first' | 'last';
  onClose: () => void;
}

/** The list of an open menu. */
export function MenuPopover({ button, label, items, placement, focus, onClose }: Props) {
  const name = label === undefined ? { 'aria-labelledby': button.current?.id } : { 'aria-label': label };
  return (
    <RootMenuTriggerStateContext value={useMenuState(onClose)}>
      <Popover
        className="options-popover menu-popover"
        trigger="MenuTrigger"
        triggerRef={button}
        placement={placement}
        isOpen
        onOpenChange={(isOpen) => !isOpen && onClose()}
        {...name}
      >
        <AriaMenu className="options" {...name} autoFocus={focus} onClose={onClose}>
          {(typeof items === 'function' ? items() : items).map(entry)}
        </AriaMenu>
      </Popover>
    </RootMenuTriggerStateContext>
  );
}

/** What React Aria's MenuTrigger keeps: which submenus are open. */
function useMenuState(close: () => void): RootMenuTriggerState {
  const [keys, setKeys] = useState<Key[]>([]);
  return useMemo(
    () => ({
      isOpen: true,
      focusStrategy: null,
      point: null,
      setPoint: () => undefined,
      expandedKeysStack: keys,
      setOpen: (isOpen) => !isOpen && close(),
      open: () => undefined,
      toggle: close,
      close,
      openSubmenu: (key, level) => setKeys((open) => (level > open.length ? open : [...open.slice(0, level), key])),
      closeSubmenu: (key, level) => setKeys((open) => (open[level] === key ? open.slice(0, level) : open)),
    }),
    [keys, close],
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
        <AriaMenu className="options" aria-label={item.label}>
          {item.items.map(entry)}
        </AriaMenu>
      </Popover>
    </SubmenuTrigger>
  );
}
