import { useRef, type ReactNode } from 'react';
import { PageHeading } from '../../app/PageHeading';
import { useSession } from '../../app/session';
import { useShortcut } from '../../app/shortcuts';
import { UndoButtons } from '../../app/UndoButtons';
import { useMessages } from '../../messages/Messages';
import { Button } from '../../ui/Button';
import { TextField } from '../../ui/TextField';
import '../../app/Page.css';
import './DirectoryPage.css';

export interface DirectoryPageProps {
  title: string;
  /** What the things of the list are for. */
  intro: string;
  findLabel: string;
  text: string;
  onText: (text: string) => void;
  createLabel: string;
  onCreate: () => void;
  /** The list, with the button that makes something new. */
  children: (create: ReactNode) => ReactNode;
}

/** The page of a list of agents or people: the heading, finding, and making a new one. */
export function DirectoryPage(props: DirectoryPageProps) {
  const { title, intro, findLabel, text, onText, createLabel, onCreate, children } = props;
  const t = useMessages();
  const { can } = useSession();
  const field = useRef<HTMLInputElement>(null);
  useShortcut({ keys: '/', label: findLabel, run: () => field.current?.focus() });
  useShortcut({ keys: 'n', label: createLabel, run: onCreate, isEnabled: can.write });
  const create = (
    <Button
      variant="primary"
      icon="add"
      isDisabled={!can.write}
      disabledReason={t.frame.readOnlyReason}
      onPress={onCreate}
    >
      {createLabel}
    </Button>
  );
  return (
    <div className="page">
      <header className="page-head">
        <div className="directory-page-title">
          <PageHeading title={title} />
          <p>{intro}</p>
        </div>
        <div className="page-tools">
          <TextField
            className="page-find"
            label={findLabel}
            isLabelHidden
            type="search"
            icon="search"
            placeholder={findLabel}
            value={text}
            onChange={onText}
            inputRef={field}
          />
          <UndoButtons />
          {create}
        </div>
      </header>
      {children(create)}
    </div>
  );
}
