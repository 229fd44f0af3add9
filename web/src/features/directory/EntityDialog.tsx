import { useId, useRef, useState, type ReactNode } from 'react';
import { FailureBanner } from '../../app/FailureBanner';
import type { CommandResult, UserErrorData } from '../../app/useCommand';
import { useSubmission } from '../../app/useSubmission';
import { sentenceOf } from '../../messages/errors';
import { labelOfField } from '../../messages/labels';
import { useMessages } from '../../messages/Messages';
import { evaluate } from '../../rules/evaluate';
import { toFieldErrors } from '../../rules/toFieldErrors';
import { useInputRules } from '../../rules/useInputRules';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Differences, FieldDifference } from '../../ui/difference/FieldDifference';
import { wordsOf } from '../../ui/difference/labels';
import { useUnsaved } from '../../ui/useUnsaved';
import { changedFields, mergeOf, type FormValues } from './edits';
import type { Change, Creation, EntityCommands } from './useEntityCommands';
import type { EditProps } from './useRowDialog';

type Save<Fields> = Creation<Fields> | Change<Fields>;
type Refused<Fields> = Extract<CommandResult<Save<Fields>>, { is: 'refused' }>;

/** What the service has stored meanwhile, beside a refusal. */
interface Current {
  values: FormValues;
  version: number;
  /** Who has stored it. */
  by: string | null;
}

/** What a field of the form draws. */
export interface FieldSlot {
  value: string;
  onChange: (value: string) => void;
  error: readonly string[];
  max: number | undefined;
}

export interface EntityDialogProps<Fields> extends EditProps<Fields> {
  words: { addTitle: string; add: string; editTitle: string; save: string };
  /** The inputs whose rules hold. */
  rules: { ofNew: string; ofChanged: string };
  commands: EntityCommands<Fields>;
  /** The values of the form for what is stored, or with null for something new. */
  valuesOf: (stored: Fields | null) => FormValues;
  /** What was entered, as the service takes it. */
  fieldsOf: (values: FormValues) => Fields;
  /** The fields, by their names. */
  children: (slot: (name: string) => FieldSlot) => ReactNode;
}

/** The form of an agent or a person. If others have saved meanwhile, it merges, or asks where both changed the same. */
export function EntityDialog<Fields extends object>(props: EntityDialogProps<Fields>) {
  const { entity, words, commands, valuesOf, fieldsOf, onClose, children } = props;
  const t = useMessages();
  const formId = useId();
  const form = useRef<HTMLFormElement>(null);
  const isNew = entity === null;
  const action = isNew ? words.add : words.save;
  const rules = useInputRules(isNew ? props.rules.ofNew : props.rules.ofChanged);
  const { submit, isBusy, refused, failure } = useSubmission<Save<Fields>>();
  const initial = valuesOf(entity);
  const [values, setValues] = useState(initial);
  const [base, setBase] = useState({ values: initial, version: entity?.version ?? 0 });
  const [tried, setTried] = useState<FormValues | null>(null);
  const [theirs, setTheirs] = useState<Current | null>(null);
  const [isGone, setGone] = useState(false);
  const changed = isNew ? Object.keys(values) : changedFields(base.values, values);
  const unsaved = useUnsaved(changedFields(initial, values).length > 0);
  const found = evaluate(rules, inputOf(values), isNew ? undefined : new Set(changed));

  const save = async (next: FormValues, version: number, from: FormValues): Promise<void> => {
    const names = isNew ? Object.keys(next) : changedFields(from, next);
    if (names.length === 0) return onClose();
    const result = await submit(JSON.stringify([next, version]), () =>
      entity === null
        ? commands.create(fieldsOf(next))
        : commands.update({ ...entity, version }, pick(fieldsOf(next), names), pick(fieldsOf(from), names)),
    );
    if (result.is === 'done') return onClose();
    if (result.is === 'refused') await resolve(result, next, from);
  };
  const resolve = async ({ errors, response }: Refused<Fields>, next: FormValues, from: FormValues) => {
    if (errors.some(({ field, code }) => field.join() === 'id' && code === 'NOT_FOUND')) return setGone(true);
    if (!errors.some(({ code }) => code === 'STALE_VERSION')) return focusFirstError(form.current);
    const stored = response.payload && 'current' in response.payload ? response.payload.current : null;
    if (!stored) return setGone(true);
    const { version, history } = stored;
    const current = { values: valuesOf(stored), version, by: history.nodes[0]?.tokenName ?? null };
    const merge = mergeOf(from, next, current.values);
    setValues(merge.values);
    setBase(current);
    if (merge.overlapping.length > 0) return setTheirs(current);
    // Others have changed other fields: nothing of theirs is lost.
    await save(merge.values, current.version, current.values);
  };
  const onSubmit = () => {
    setTried(values);
    if (isBusy || isGone) return;
    if (found.length > 0) return requestAnimationFrame(() => focusFirstError(form.current));
    void save(values, base.version, base.values);
  };
  // An error is about what was sent, and goes when that is changed.
  const ofRules =
    tried === values
      ? found.map((violation) => ({ ...violation, field: ['input', ...violation.path], message: '' }))
      : [];
  const ofService = tried === values ? (refused?.errors.filter(({ code }) => code !== 'STALE_VERSION') ?? []) : [];
  const errors = toFieldErrors<Pick<UserErrorData, 'field' | 'code' | 'message' | 'params'>>(
    [...ofRules, ...ofService],
    new Set(Object.keys(initial)),
  );
  const slot = (name: string): FieldSlot => ({
    value: values[name] ?? '',
    onChange: (value) => setValues((before) => ({ ...before, [name]: value })),
    error: (errors.byField.get(name) ?? []).map((error) => sentenceOf(t, error)),
    max: rules.fields.find(({ path }) => path.join() === name)?.maxLength ?? undefined,
  });
  return (
    <>
      <Dialog
        title={isNew ? words.addTitle : words.editTitle}
        size="sm"
        isBusy={isBusy}
        onClose={() => unsaved.ask(onClose)}
        footer={
          <>
            <Button onPress={() => unsaved.ask(onClose)} isDisabled={isBusy}>
              {t.ui.cancel}
            </Button>
            <Button type="submit" form={formId} variant="primary" isBusy={isBusy} isDisabled={isGone}>
              {failure === null ? (theirs === null ? action : t.directory.keepMine) : t.ui.tryAgain}
            </Button>
          </>
        }
      >
        <FailureBanner failure={failure} />
        {isGone && (
          <Banner tone="warning" announced="alert" title={t.directory.goneTitle}>
            {t.directory.goneText(initial['name'] ?? '')}
          </Banner>
        )}
        {errors.others.length > 0 && !isGone && (
          <Banner tone="warning" announced="alert">
            {errors.others.map((error) => sentenceOf(t, error)).join(' ')}
          </Banner>
        )}
        {theirs !== null && !isGone && (
          <Conflict
            theirs={theirs}
            mine={values}
            onTakeTheirs={() => {
              setValues(theirs.values);
              setTheirs(null);
            }}
          />
        )}
        <form
          id={formId}
          ref={form}
          className="entity-form"
          // The rules of the service hold, and their sentences stand beside the fields.
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {children(slot)}
        </form>
      </Dialog>
      {unsaved.question}
    </>
  );
}

/** Shows what others have saved where it differs from what was entered. */
function Conflict({ theirs, mine, onTakeTheirs }: { theirs: Current; mine: FormValues; onTakeTheirs: () => void }) {
  const t = useMessages();
  const fields = changedFields(theirs.values, mine);
  return (
    <Banner
      tone="warning"
      announced="alert"
      title={theirs.by === null ? t.directory.staleUnknown : t.directory.staleBy(theirs.by)}
      actions={
        <Button size="sm" onPress={onTakeTheirs}>
          {t.directory.takeTheirs}
        </Button>
      }
    >
      <p>{t.directory.staleText}</p>
      <Differences>
        {fields.map((name) => (
          <FieldDifference
            key={name}
            label={labelOfField(t, name)}
            before={theirs.values[name]}
            after={mine[name]}
            words={wordsOf(t, name)}
          />
        ))}
      </Differences>
    </Banner>
  );
}

/** What the rules are asked about: a field without a text counts as not given. */
function inputOf(values: FormValues): Record<string, string | null> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === '' ? null : value]));
}

function pick<Fields extends object>(fields: Fields, names: readonly string[]): Partial<Fields> {
  // Fewer of its own properties.
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name))) as Partial<Fields>;
}

function focusFirstError(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
