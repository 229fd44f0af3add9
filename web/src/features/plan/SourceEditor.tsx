import { useState, type DragEvent, type Ref } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { useSession } from '../../app/session';
import { useShortcut } from '../../app/shortcuts';
import { useFormat, useLanguage, useMessages } from '../../messages/Messages';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { Keys } from '../../ui/Keys';
import { TextArea } from '../../ui/TextArea';
import { TextField } from '../../ui/TextField';
import { readTextFile } from './readTextFile';
import { loadSample } from './samples';
import type { PlanState, Source, Values } from './usePlan';
import './SourceEditor.css';

export interface SourceEditorProps {
  source: Source;
  onChange: (source: Source) => void;
  values: Values;
  onValues: (values: Values) => void;
  state: PlanState;
  isBusy: boolean;
  editorRef: Ref<HTMLTextAreaElement>;
  onPlan: () => void;
}

/** The text of a pipeline file, which can be written, pasted, chosen or dropped; and the button that shows its plan. */
export function SourceEditor(props: SourceEditorProps) {
  const { source, onChange, state, isBusy, editorRef, onPlan } = props;
  const t = useMessages();
  const language = useLanguage();
  const [error, setError] = useState<string>();
  const [isOver, setOver] = useState(false);
  const read = useReading(onChange, setError);
  const { can } = useSession();
  const isEmpty = source.text.trim() === '';
  const canPlan = can.write && !isEmpty && !isBusy;
  useShortcut({ keys: 'mod+enter', label: t.plan.see, inFields: true, isEnabled: canPlan, run: onPlan });

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    read(event.dataTransfer.files[0]);
  };
  return (
    <section
      className={`source-editor${isOver ? ' source-editor-over' : ''}`}
      aria-label={t.plan.file}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className="source-editor-actions">
        <FileTrigger acceptedFileTypes={['.yaml', '.yml', '.json']} onSelect={(files) => read(files?.[0])}>
          <Button icon="upload">{t.plan.choose}</Button>
        </FileTrigger>
        <Button icon="sparkle" onPress={() => void loadSample(language).then(onChange)}>
          {t.plan.sample}
        </Button>
        {!isEmpty && (
          <Button variant="quiet" onPress={() => onChange({ text: '', fileName: null })}>
            {t.plan.clear}
          </Button>
        )}
      </div>
      <TextArea
        className="source-editor-text"
        label={t.plan.file}
        description={t.plan.fileDescription}
        placeholder={t.plan.placeholder}
        isCode
        rows={16}
        value={source.text}
        onChange={(text) => onChange({ ...source, text })}
        error={error}
        inputRef={editorRef}
      />
      {isOver && <p className="source-editor-drop">{t.plan.drop}</p>}
      {state.is === 'incomplete' && <VariableFields {...props} names={state.file.variables} />}
      <div className="source-editor-foot">
        <Button
          variant="primary"
          isBusy={isBusy}
          isDisabled={!can.write || isEmpty}
          disabledReason={can.write ? undefined : t.frame.readOnlyReason}
          shortcut="mod+enter"
          onPress={onPlan}
        >
          {t.plan.see}
        </Button>
        <Keys shortcut="mod+enter" />
      </div>
    </section>
  );
}

/** Puts a file that was chosen or dropped into the editor, or says why it cannot. */
function useReading(
  onChange: (source: Source) => void,
  onError: (error: string | undefined) => void,
): (file: File | undefined) => void {
  const t = useMessages();
  const format = useFormat();
  const { viewer } = useSession();
  const { maxBodyBytes } = viewer.limits;
  return (file) => {
    if (file === undefined) return;
    void readTextFile(file, maxBodyBytes).then((result) => {
      switch (result.is) {
        case 'read':
          onError(undefined);
          onChange({ text: result.text, fileName: file.name });
          announce(t.plan.dropped(file.name));
          break;
        case 'tooLarge':
          onError(t.plan.tooLarge(file.name, format.bytes(maxBodyBytes)));
          break;
        case 'notText':
          onError(t.plan.notText(file.name));
      }
    });
  };
}

/** The values that a file names instead of having them. */
function VariableFields({ names, values, onValues }: SourceEditorProps & { names: readonly string[] }) {
  const t = useMessages();
  return (
    <fieldset className="source-editor-variables">
      <legend>{t.plan.variables}</legend>
      <p>{t.plan.variablesText}</p>
      {names.map((name, index) => (
        <TextField
          key={name}
          label={t.plan.variable(name)}
          type="password"
          isCode
          autoFocus={index === 0}
          value={values[name] ?? ''}
          onChange={(value) => onValues({ ...values, [name]: value })}
          error={(values[name] ?? '') === '' ? t.plan.variableMissing : undefined}
        />
      ))}
    </fieldset>
  );
}
