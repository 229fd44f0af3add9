import { useId, useRef, useState, type ReactNode } from 'react';
import type { MutationParameters } from 'relay-runtime';
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

/** What the service has stored meanwhile, beside a refusal. */
export interface Current {
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

export interface EntityDialogProps<M extends MutationParameters> {
  title: string;
  /** What the button says. */
  action: string;
  /** The input whose rules hold. */
  rulesOf: string;
  /** The values when the form is opened, and their version; 0 of something new. */
  initial: FormValues;
  version: number;
  /** Sends the fields that were changed, or all of something new. `before` is what undo brings back. */
  send: (
    values: FormValues,
    changed: readonly string[],
    version: number,
    before: FormValues,
  ) => Promise<CommandResult<M>>;
  /** What a refusal answers about what is stored now; null if it is gone. */
  currentOf: (response: M['response']) => Current | null;
  onSaved: () => void;
  onClose: () => void;
  /** The fields, by their names. */
  children: (slot: (name: string) => FieldSlot) => ReactNode;
}

/** The form of an agent or a person. If others have saved meanwhile, it merges, or asks where both changed the same. */
export function EntityDialog<M extends MutationParameters>(props: EntityDialogProps<M>) {
  const { title, action, initial, onSaved, onClose, children } = props;
  const t = useMessages();
  const formId = useId();
  const form = useRef<HTMLFormElement>(null);
  const rules = useInputRules(props.rulesOf);
  const { submit, isBusy, refused, failure } = useSubmission<M>();
  const [values, setValues] = useState(initial);
  const [base, setBase] = useState({ values: initial, version: props.version });
  const [tried, setTried] = useState<FormValues | null>(null);
  const [theirs, setTheirs] = useState<Current | null>(null);
  const [isGone, setGone] = useState(false);
  const isNew = props.version === 0;
  const changed = isNew ? Object.keys(values) : changedFields(base.values, values);
  const unsaved = useUnsaved(changedFields(initial, values).length > 0);
  const found = evaluate(rules, inputOf(values), isNew ? undefined : new Set(changed));

  const save = async (next: FormValues, version: number, from: FormValues): Promise<void> => {
    const fields = isNew ? Object.keys(next) : changedFields(from, next);
    if (fields.length === 0) return onSaved();
    const result = await submit(JSON.stringify([next, version]), () => props.send(next, fields, version, from));
    if (result.is === 'done') return onSaved();
    if (result.is === 'refused') await resolve(result, next, from);
  };
  const resolve = async (result: Extract<CommandResult<M>, { is: 'refused' }>, next: FormValues, from: FormValues) => {
    if (result.errors.some(({ field, code }) => field.join() === 'id' && code === 'NOT_FOUND')) return setGone(true);
    if (!result.errors.some(({ code }) => code === 'STALE_VERSION')) return focusFirstError(form.current);
    const current = props.currentOf(result.response);
    if (current === null) return setGone(true);
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
        title={title}
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

function focusFirstError(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
