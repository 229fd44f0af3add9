import { use, useEffect, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { fetchQuery, graphql } from 'relay-runtime';
import { useMessages } from '../../messages/Messages';
import type { MoreQuery } from '../../relay/__generated__/MoreQuery.graphql';
import { Checkbox } from '../../ui/Checkbox';
import { cannotChange } from '../../ui/Field';
import { Picker } from '../../ui/Picker';
import { TagField } from '../../ui/TagField';
import { TextArea } from '../../ui/TextArea';
import { TextField } from '../../ui/TextField';
import { FieldPlace, withUnknown } from './controls';
import { fieldsWithoutPlace, moreFieldsOf, type MoreField, type MoreKind } from './moreFields';
import { isUnreadable } from './stored';
import { useFieldState, useForm, type Field } from './useField';

const PRESENT = graphql`
  query MoreQuery($id: ID!) {
    crmStep(id: $id) {
      id
      lastChange: history(first: 1, orderBy: { direction: DESC }, filter: { actions: [CREATED, UPDATED, RESTORED] }) {
        nodes {
          id
          version
          after
        }
      }
    }
  }
`;

/** The fields that the form has no other place for, each with a control by its type. */
export default function More({ stepId, version }: { stepId: string; version: number | null }) {
  const t = useMessages();
  const { store } = useForm();
  const input = version === null ? 'CreateCrmStepInput' : 'UpdateCrmStepInput';
  const all = use(moreFieldsOf(useRelayEnvironment(), input));
  const isKnown = usePresentValues(stepId, version);
  const names = new Set(fieldsWithoutPlace(store.rules));
  return (
    <>
      <p className="step-note">{t.step.moreNote}</p>
      {!isKnown && <p className="step-note">{t.step.moreUnknown}</p>}
      {all
        .filter(({ name }) => names.has(name))
        .map((field) => (
          <FieldPlace key={field.name} field={field.name}>
            <MoreControl field={field} />
          </FieldPlace>
        ))}
    </>
  );
}

/**
 * Reads the present values, which no document of this page selects, from the history: it has all fields. Returns
 * whether they are known.
 */
function usePresentValues(stepId: string, version: number | null): boolean {
  const environment = useRelayEnvironment();
  const { store } = useForm();
  const [isKnown, setKnown] = useState(version === null);
  useEffect(() => {
    if (version === null) return undefined;
    const request = fetchQuery<MoreQuery>(environment, PRESENT, { id: stepId }).subscribe({
      next({ crmStep }) {
        const change = crmStep?.lastChange.nodes[0];
        const after: unknown = change?.version === version ? change.after : null;
        if (typeof after !== 'object' || after === null) return;
        const entries = Object.entries(after);
        const values = fieldsWithoutPlace(store.rules).flatMap((name) => entries.filter(([field]) => field === name));
        store.dispatch({ type: 'known', values: Object.fromEntries(values) });
        setKnown(true);
      },
      // They stay as they are unless they are changed, as the note says.
      error: () => setKnown(false),
    });
    return () => request.unsubscribe();
  }, [environment, store, stepId, version]);
  return isKnown;
}

const NOTHING = '';

function MoreControl({ field: { name, description, kind } }: { field: MoreField }) {
  const t = useMessages();
  const field = useFieldState(name);
  const { value, set } = field;
  const props = {
    ...field.props,
    description: description === null ? undefined : <span lang="en">{description}</span>,
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
