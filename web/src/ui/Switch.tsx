import { Toggle, type ToggleProps } from './Toggle';

/** Something that is on or off, and changes at once. */
export function Switch(props: ToggleProps) {
  return <Toggle toggle={props} role="switch" className="toggle-switch" mark={<span className="toggle-thumb" />} />;
}
