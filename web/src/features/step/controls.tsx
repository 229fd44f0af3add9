// The fields of the form by their kind.

import type { FocusEvent, ReactNode } from 'react';
import { useMessages } from '../../messages/Messages';
import { Checkbox } from '../../ui/Checkbox';
import { ComboField, type ComboLoad } from '../../ui/ComboField';
import { Picker, type PickerItem } from '../../ui/Picker';
import { TagField } from '../../ui/TagField';
import { TextArea } from '../../ui/TextArea';
import { TextField, type TextFieldProps } from '../../ui/TextField';
import { useField, useForm } from './useField';
import type { KnownField, KnownValues } from './values';
import './controls.css';

/** The fields whose values are of one type. */
type FieldOf<V> = {
  [F in KnownField]: KnownValues[F] extends V ? (V extends KnownValues[F] ? F : never) : never;
}[KnownField];

/** The place of a field: a summary moves the focus to it, and from the moment it is left it says what is wrong. */
export function FieldPlace({
  field,
  children,
  className = '',
}: {
  field: string;
  children: ReactNode;
  className?: string;
}) {
  const { store } = useForm();
  const leave = (event: FocusEvent<HTMLElement>) => {
    // A list that belongs to the field is elsewhere in the document, and React tells of its focus here too.
    const isInside = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
    const isOfField = event.currentTarget.contains(event.target);
    if (isOfField && !isInside) afterPress(() => store.dispatch({ type: 'left', field }));
  };
  return (
    <div className={`step-field ${className}`} data-field={field} onBlur={leave}>
      {children}
    </div>
  );
}

let isPressed = false;
document.addEventListener('pointerdown', () => (isPressed = true), true);
for (const type of ['pointerup', 'pointercancel']) document.addEventListener(type, () => (isPressed = false), true);

/** Does something now, or when the button of the pointer is up again: what is pressed must not move away before. */
function afterPress(run: () => void): void {
  if (!isPressed) return run();
  // `click` comes after `pointerup`.
  const end = () => setTimeout(run);
  const once = { once: true, capture: true };
  document.addEventListener('pointerup', end, once);
  document.addEventListener('pointercancel', end, once);
}

type TextOptions = Pick<TextFieldProps, 'isCode' | 'type' | 'autoFocus' | 'isRequired'>;

/** Where the place of a field says what it is for, a description would only push it down. */
export const NO_DESCRIPTION = { description: undefined };

/** A text on one line. */
export function TextOf({ field, ...options }: TextOptions & { field: FieldOf<string> }) {
  const { value, set, rules, props } = useField(field);
  return (
    <FieldPlace field={field}>
      <TextField
        {...props}
        {...options}
        value={value}
        onChange={set}
        max={rules?.maxLength ?? undefined}
        isTrimmed={rules?.isTrimmed}
      />
    </FieldPlace>
  );
}

/** A text of several lines. */
export function AreaOf({ field, ...options }: { field: FieldOf<string>; rows?: number }) {
  const { value, set, rules, props } = useField(field);
  return (
    <FieldPlace field={field}>
      <TextArea {...props} {...options} value={value} onChange={set} max={rules?.maxLength ?? undefined} />
    </FieldPlace>
  );
}

/** Something that is so or not. */
export function FlagOf({ field }: { field: FieldOf<boolean> }) {
  const { value, set, props } = useField(field);
  const { label, ...others } = props;
  return (
    <FieldPlace field={field}>
      <Checkbox {...others} isSelected={value} onChange={set}>
        {label}
      </Checkbox>
    </FieldPlace>
  );
}

const NOTHING = '';

/** One of a few values, or none of them: then the step leaves it as it is. */
export function ChoiceOf({
  field,
  items,
}: {
  field: 'defaultStatus' | 'defaultPriority';
  items: Readonly<Record<string, string>>;
}) {
  const t = useMessages();
  const { value, set, props } = useField(field);
  const known = Object.entries(items).map(([id, label]) => ({ id, label }));
  return (
    <FieldPlace field={field}>
      <Picker
        {...props}
        {...NO_DESCRIPTION}
        items={[{ id: NOTHING, label: t.values.leave }, ...withUnknown(known, value)]}
        value={value ?? NOTHING}
        onChange={(id) => set(id === NOTHING ? null : id)}
      />
    </FieldPlace>
  );
}

/** The items, and the present value if a newer service has one that has no words here. */
export function withUnknown(items: readonly PickerItem<string>[], value: string | null): readonly PickerItem<string>[] {
  const isUnknown = value !== null && !items.some(({ id }) => id === value);
  return isUnknown ? [...items, { id: value, label: value, isData: true }] : items;
}

/** One of many things on the server. */
export function ReferenceOf({
  field,
  load,
  placeholder,
}: {
  field: 'agentId' | 'whatsappTemplateAgentId' | 'zapiAgentId' | 'autoNextStepId';
  load: ComboLoad;
  placeholder: string;
}) {
  const { store } = useForm();
  const { value, set, props } = useField(field);
  return (
    <FieldPlace field={field}>
      <ComboField
        {...props}
        {...NO_DESCRIPTION}
        value={value === null ? null : { id: value, label: store.draft.names[value] ?? value }}
        onChange={(item) => set(item?.id ?? null, item === null ? {} : { [item.id]: item.label })}
        load={load}
        placeholder={placeholder}
      />
    </FieldPlace>
  );
}

/** A list of words. */
export function TagsOf({ field }: { field: 'defaultTags' | 'defaultTagsToRemove' }) {
  const { value, set, problems, rules, props } = useField(field);
  const invalidAt = new Set(problems.flatMap(({ field: [, , index] }) => (index === undefined ? [] : [Number(index)])));
  return (
    <FieldPlace field={field}>
      <TagField {...props} value={value} onChange={set} maxItems={rules?.maxItems ?? undefined} invalidAt={invalidAt} />
    </FieldPlace>
  );
}
