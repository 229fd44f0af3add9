import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select, SelectValue } from 'react-aria-components/Select';
import { useMessages } from '../messages/Messages';
import { FieldErrors, FieldHead } from './AriaField';
import { cannotChange, errorsOf, fieldClass, type FieldProps } from './Field';
import { Icon, type IconName } from './Icon';
import './Options.css';
import './Picker.css';

export interface PickerItem<K extends string> {
  id: K;
  label: string;
  description?: string | undefined;
  icon?: IconName | undefined;
  isDisabled?: boolean | undefined;
  /** Whether the label is somebody's own word instead of a message. */
  isData?: boolean | undefined;
}

export interface PickerProps<K extends string> extends FieldProps {
  items: readonly PickerItem<K>[];
  /** The id of the chosen item; null shows the placeholder. */
  value: K | null;
  onChange: (value: K) => void;
  placeholder?: string | undefined;
}

/** Chooses one of a few known items; of many or of those on the server: ComboField. */
export function Picker<K extends string>(props: PickerProps<K>) {
  const t = useMessages();
  const { items, value, error } = props;
  return (
    <Select
      className={fieldClass('picker', props)}
      value={value}
      onChange={(key) => {
        const item = items.find((candidate) => candidate.id === key);
        if (item !== undefined) props.onChange(item.id);
      }}
      isDisabled={cannotChange(props)}
      isRequired={props.isRequired}
      isInvalid={errorsOf(error).length > 0}
      validationBehavior="aria"
      placeholder={props.placeholder ?? t.ui.choose}
      name={props.name}
      id={props.id}
      autoFocus={props.autoFocus}
    >
      <FieldHead {...props} />
      <Button className="field-box picker-button">
        <SelectValue className="picker-value" />
        <Icon name="chevronDown" />
      </Button>
      <FieldErrors error={error} />
      <Popover className="options-popover">
        <ListBox className="options" items={items}>
          {(item) => <Option item={item} />}
        </ListBox>
      </Popover>
    </Select>
  );
}

function Option<K extends string>({ item }: { item: PickerItem<K> }) {
  return (
    <ListBoxItem id={item.id} textValue={item.label} isDisabled={item.isDisabled} className="options-item">
      {item.icon !== undefined && <Icon name={item.icon} />}
      <span className="options-text">
        <span translate={item.isData === true ? 'no' : undefined}>{item.label}</span>
        {item.description !== undefined && <span className="options-description">{item.description}</span>}
      </span>
      <span className="options-check">
        <Icon name="check" />
      </span>
    </ListBoxItem>
  );
}
