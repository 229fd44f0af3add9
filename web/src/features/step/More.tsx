import { use, useEffect } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { useMessages } from '../../messages/Messages';
import { Checkbox } from '../../ui/Checkbox';
import { cannotChange } from '../../ui/Field';
import { Picker } from '../../ui/Picker';
import { TagField } from '../../ui/TagField';
import { TextArea } from '../../ui/TextArea';
import { TextField } from '../../ui/TextField';
import { FieldPlace, withUnknown } from './controls';
import { fieldsWithoutPlace, moreFieldsOf, type MoreField, type MoreKind } from './moreFields';
import { readMore } from './moreValues';
import { isUnreadable } from './stored';
import { useDraft, useFieldState, useForm, type Field } from './useField';

/** The fields that the form has no other place for, each with a control by its type. */
export default function More({ stepId, version }: { stepId: string; version: number | null }) {
  const t = useMessages();
  const { store } = useForm();
  const input = version === null ? 'CreateCrmStepInput' : 'UpdateCrmStepInput';
  const all = use(moreFieldsOf(useRelayEnvironment(), input));
  const { base } = useDraft();
  usePresentValues(stepId, version);
  const names = new Set(fieldsWithoutPlace(store.rules));
  return (
    <>
      <p className="step-note">{t.step.moreNote}</p>
      {all
        .filter(({ name }) => names.has(name))
        .map((field) => (
          <FieldPlace key={field.name} field={field.name}>
            <MoreControl field={field} isKnown={version === null || field.name in base} />
          </FieldPlace>
        ))}
    </>
  );
}

/** Reads the present values, which the step is read without. */
function usePresentValues(id: string, version: number | null): void {
  const environment = useRelayEnvironment();
  const { store } = useForm();
  useEffect(() => {
    if (version === null) return undefined;
    let isWanted = true;
    void readMore(environment, { id, version }, fieldsWithoutPlace(store.rules)).then((values) => {
      // A draft of an earlier version is merged with these when it is asked for.
      if (isWanted && store.draft.version === version) store.dispatch({ type: 'known', values });
    });
    return () => {
      isWanted = false;
    };
  }, [environment, store, id, version]);
}

const NOTHING = '';

function MoreControl({ field: { name, description, kind }, isKnown }: { field: MoreField; isKnown: boolean }) {
  const t = useMessages();
  const field = useFieldState(name);
  const { value, set } = field;
  const props = {
    ...field.props,
    description:
      description === null && isKnown ? undefined : (
        <>
          {description !== null && <span lang="en">{description}</span>} {!isKnown && t.step.moreUnknown}
        </>
      ),
  };
  switch (kind.is) {
    case 'text':
      return <MoreText field={field} props={props} />;
    case 'number':
      return (
        <TextField
          {...props}
          value={isUnreadable(value) ? value.unreadable : textOf(value)}
          onChange={(text) => set(numberOf(text, kind))}
          inputMode={kind.isWhole ? 'numeric' : 'text'}
        />
      );
    case 'flag': {
      const items = [
        { id: NOTHING, label: t.step.notSet },
        { id: 'true', label: t.values.yes },
        { id: 'false', label: t.values.no },
      ];
      const toggle = (id: string) => set(id === NOTHING ? null : id === 'true');
      return <Picker {...props} items={items} value={textOf(value)} onChange={toggle} />;
    }
    case 'choice': {
      const options = kind.options.map(({ id, description: note }) => ({
        id,
        label: id,
        description: note ?? undefined,
        isData: true,
      }));
      const items = [{ id: NOTHING, label: t.step.notSet }, ...withUnknown(options, textOf(value) || null)];
      return (
        <Picker {...props} items={items} value={textOf(value)} onChange={(id) => set(id === NOTHING ? null : id)} />
      );
    }
    case 'texts':
      return (
        <TagField
          {...props}
          value={textsOf(value)}
          onChange={(texts) => set(texts.length === 0 ? null : texts)}
          maxItems={field.rules?.maxItems ?? undefined}
        />
      );
    case 'choices': {
      const chosen = textsOf(value);
      const toggle = (id: string, isSelected: boolean) => {
        const next = kind.options
          .map((option) => option.id)
          .filter((one) => (one === id ? isSelected : chosen.includes(one)));
        set(next.length === 0 ? null : next);
      };
      return (
        <fieldset className="step-choices">
          <legend translate="no">{props.label}</legend>
          {kind.options.map(({ id }) => (
            <Checkbox
              key={id}
              isSelected={chosen.includes(id)}
              onChange={(isSelected) => toggle(id, isSelected)}
              isDisabled={cannotChange(props)}
            >
              <span translate="no">{id}</span>
            </Checkbox>
          ))}
        </fieldset>
      );
    }
    case 'other':
      return (
        <p className="step-note">
          <code translate="no">{name}</code> {t.step.moreUnsupported}
        </p>
      );
  }
}

type ControlProps = Omit<Field<unknown>['props'], 'description'> & { description: React.ReactNode };

/** Longer than this, a text gets several lines. */
const ONE_LINE = 255;

function MoreText({ field: { value, set, rules }, props }: { field: Field<unknown>; props: ControlProps }) {
  const max = rules?.maxLength ?? undefined;
  const isLong = rules?.isOneLine !== true && max !== undefined && max > ONE_LINE;
  const Control = isLong ? TextArea : TextField;
  return <Control {...props} value={textOf(value)} onChange={(text) => set(text === '' ? null : text)} max={max} />;
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** What is no number is kept as it was typed. */
function numberOf(text: string, { isWhole }: Extract<MoreKind, { is: 'number' }>): unknown {
  const digits = text.trim();
  if (digits === '') return null;
  const isNumber = (isWhole ? /^[+-]?\d+$/ : /^[+-]?\d+(\.\d+)?$/).test(digits);
  return isNumber ? Number(digits) : { unreadable: text };
}
