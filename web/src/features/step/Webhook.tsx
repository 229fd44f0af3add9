import { useEffect, useId, useRef, useState } from 'react';
import { bytes } from '../../rules/text';
import { useFormat, useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { cannotChange } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { Tag } from '../../ui/Tag';
import { TextField } from '../../ui/TextField';
import { FieldPlace, TextOf } from './controls';
import type { Problem } from './formStore';
import { sentenceOfProblem } from './sentence';
import { isEmptyHeader } from './stored';
import { useField, useForm, type Field } from './useField';
import type { HeaderValue } from './values';
import './Webhook.css';

/** What is called on entering. */
export function Webhook() {
  return (
    <>
      <TextOf field="webhookUrl" type="url" isCode />
      <Headers />
    </>
  );
}

const NEW_HEADER: HeaderValue = { name: '', value: '', isKept: false };
/** What is wrong with the value of a header; anything else is about its name. */
const OF_VALUE: ReadonlySet<string> = new Set(['INVALID_HEADER_VALUE', 'MASKED_HEADER_VALUE']);

function Headers() {
  const t = useMessages();
  const { store } = useForm();
  const errorsId = useId();
  const place = useRef<HTMLFieldSetElement>(null);
  const hasAdded = useRef(false);
  const field = useField('webhookHeader');
  const { value: headers, set, problems, props } = field;
  const isFixed = cannotChange(props);
  const ofWhole = problems.filter(({ field: path }) => path.length === 2);
  // A line is known by its place; of two with one name the later one is at fault.
  const ofLine = (at: number) => {
    const name = headers[at]?.name;
    const isLast = headers.findLastIndex((header) => header.name === name) === at;
    return isLast ? problems.filter(({ field: [, , header] }) => header !== undefined && header === name) : [];
  };
  const replace = (at: number, header: HeaderValue) => set(headers.with(at, header));
  useEffect(() => {
    if (!hasAdded.current) return;
    hasAdded.current = false;
    const lines = place.current?.querySelectorAll<HTMLElement>('.header-line');
    lines?.[lines.length - 1]?.querySelector('input')?.focus();
  }, [headers.length]);
  return (
    <FieldPlace field="webhookHeader">
      <fieldset className="step-group" ref={place} aria-describedby={ofWhole.length > 0 ? errorsId : undefined}>
        <legend>{props.label}</legend>
        <p className="step-note">{props.description}</p>
        {headers.some(({ isKept }) => isKept) && <p className="step-note">{t.step.headerKeptNote}</p>}
        {headers.map((header, at) => (
          <HeaderLine
            // A line has no other identity: its name is what is typed.
            key={at}
            at={at}
            header={header}
            stored={store.draft.base.webhookHeader.find(({ name, isKept }) => isKept && name === header.name)}
            problems={ofLine(at)}
            isFixed={isFixed}
            onChange={(next) => replace(at, next)}
            onRemove={() => set(headers.filter((_, other) => other !== at))}
          />
        ))}
        {!isFixed && (
          <div className="header-foot">
            <Button
              icon="add"
              size="sm"
              onPress={() => {
                hasAdded.current = true;
                set([...headers, NEW_HEADER]);
              }}
            >
              {t.step.addHeader}
            </Button>
            <Used field={field} />
          </div>
        )}
        {ofWhole.length > 0 && (
          <div className="field-error" id={errorsId}>
            {ofWhole.map((problem) => (
              <span key={problem.code} className="field-error-line">
                <Icon name="error" />
                <span>{sentenceOfProblem(t, problem)}</span>
              </span>
            ))}
          </div>
        )}
      </fieldset>
    </FieldPlace>
  );
}

function HeaderLine({
  at,
  header,
  stored,
  problems,
  isFixed,
  onChange,
  onRemove,
}: {
  at: number;
  header: HeaderValue;
  /** The stored header of this name, if its value cannot be read. */
  stored: HeaderValue | undefined;
  problems: readonly Problem[];
  isFixed: boolean;
  onChange: (header: HeaderValue) => void;
  onRemove: () => void;
}) {
  const t = useMessages();
  const format = useFormat();
  const { name, value, isKept } = header;
  const [isReplaced, setReplaced] = useState(false);
  const sentences = (isOfValue: boolean) =>
    problems.filter(({ code }) => OF_VALUE.has(code) === isOfValue).map((problem) => sentenceOfProblem(t, problem));
  const common = { isLabelHidden: true, isCode: true, isDisabled: isFixed };
  return (
    <div className="header-line">
      <TextField
        {...common}
        label={t.step.headerNameAt(format.number(at + 1))}
        placeholder={t.step.headerName}
        value={name}
        onChange={(next) => onChange({ ...header, name: next })}
        // The stored value belongs to the stored name.
        isDisabled={isFixed || isKept}
        error={sentences(false)}
      />
      {isKept ? (
        <div className="header-kept">
          <Tag icon="lock">{t.step.headerKept}</Tag>
          {!isFixed && (
            <IconButton
              icon="edit"
              label={t.step.replaceHeader(name)}
              onPress={() => {
                setReplaced(true);
                onChange({ ...header, isKept: false });
              }}
            />
          )}
          {sentences(true).map((sentence) => (
            <span key={sentence} className="field-error">
              {sentence}
            </span>
          ))}
        </div>
      ) : (
        <TextField
          {...common}
          label={t.step.headerValueAt(format.number(at + 1))}
          placeholder={t.step.headerValue}
          value={value}
          autoFocus={isReplaced}
          onChange={(next) => onChange({ ...header, value: next })}
          error={sentences(true)}
        />
      )}
      {!isFixed && (
        <div className="header-actions">
          {!isKept && stored !== undefined && (
            <IconButton icon="undo" label={t.step.keepHeader(name)} onPress={() => onChange(stored)} />
          )}
          <IconButton icon="close" label={t.step.removeHeader(name || format.number(at + 1))} onPress={onRemove} />
        </div>
      )}
    </div>
  );
}

/** How much of the limits the headers take. The length of a value that is kept is not known. */
function Used({ field: { value, rules } }: { field: Field<readonly HeaderValue[]> }) {
  const t = useMessages();
  const format = useFormat();
  const given = value.filter((header) => !isEmptyHeader(header));
  if (given.length === 0 || rules?.maxItems == null || rules.maxLength == null) return null;
  const used = given.reduce((sum, header) => sum + bytes(header.name) + bytes(header.value), 0);
  const texts = [
    format.number(given.length),
    format.number(rules.maxItems),
    format.bytes(used),
    format.bytes(rules.maxLength),
  ] as const;
  return <span className="field-counter">{t.step.headersUsed(...texts)}</span>;
}
