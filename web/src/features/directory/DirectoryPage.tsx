import { Suspense, useDeferredValue, useRef, useState, type ComponentType, type ReactNode } from 'react';
import type { PreloadedQuery } from 'react-relay/hooks';
import type { GraphQLTaggedNode, OperationType, VariablesOf } from 'relay-runtime';
import { PageHeading } from '../../app/PageHeading';
import { useSession } from '../../app/session';
import { useShortcut } from '../../app/shortcuts';
import { UndoProvider } from '../../app/undo';
import { UndoButtons } from '../../app/UndoButtons';
import { useFindText } from '../../app/useFindText';
import { useMessages } from '../../messages/Messages';
import { usePageQuery } from '../../relay/usePageQuery';
import { Button } from '../../ui/Button';
import { Pane } from '../../ui/Pane';
import { TextField } from '../../ui/TextField';
import { DirectorySkeleton } from './DirectorySkeleton';
import '../../app/Page.css';
import './DirectoryPage.css';

/** What the page gives to its list. */
export interface FoundProps<Q extends OperationType> {
  document: GraphQLTaggedNode;
  query: PreloadedQuery<Q>;
  /** The text that is looked for. */
  find: string;
  onFindAll: () => void;
  /** The button that makes a new one. */
  create: ReactNode;
}

export interface DirectoryPageProps<Q extends OperationType> {
  /** What it lists: the part of the messages. */
  of: 'agents' | 'people';
  /** The query of the page, and its variables for a text that is looked for. */
  document: GraphQLTaggedNode;
  variablesOf: (text: string) => VariablesOf<Q>;
  List: ComponentType<FoundProps<Q>>;
  /** The form of a new one, which is loaded when it is opened. */
  Dialog: ComponentType<{ entity: null; onClose: () => void }>;
}

/** The page of a list of agents or people: the heading, finding, and making a new one. */
export function DirectoryPage<Q extends OperationType>(props: DirectoryPageProps<Q>) {
  return (
    <UndoProvider of={props.of}>
      <Content {...props} />
    </UndoProvider>
  );
}

function Content<Q extends OperationType>({ of, document, variablesOf, List, Dialog }: DirectoryPageProps<Q>) {
  const t = useMessages();
  const words = t[of];
  const { can } = useSession();
  const [text, setText] = useFindText();
  // What is there stays until what is found is there.
  const found = useDeferredValue(text);
  const query = usePageQuery<Q>(document, variablesOf(found));
  const [isCreating, setCreating] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useShortcut({ keys: '/', label: words.find, run: () => field.current?.focus() });
  useShortcut({ keys: 'n', label: words.add, run: () => setCreating(true), isEnabled: can.write });
  const create = (
    <Button
      variant="primary"
      icon="add"
      isDisabled={!can.write}
      disabledReason={t.frame.readOnlyReason}
      onPress={() => setCreating(true)}
    >
      {words.add}
    </Button>
  );
  return (
    <div className="page">
      <header className="page-head">
        <div className="directory-page-title">
          <PageHeading title={words.title} />
          <p>{words.intro}</p>
        </div>
        <div className="page-tools">
          <TextField
            className="page-find"
            label={words.find}
            isLabelHidden
            type="search"
            icon="search"
            placeholder={words.find}
            value={text}
            onChange={setText}
            inputRef={field}
          />
          <UndoButtons />
          {create}
        </div>
      </header>
      <Pane label={words.title} skeleton={<DirectorySkeleton />} resetKey={found}>
        <List document={document} query={query} find={found} onFindAll={() => setText('')} create={create} />
      </Pane>
      {isCreating && (
        <Suspense>
          <Dialog entity={null} onClose={() => setCreating(false)} />
        </Suspense>
      )}
    </div>
  );
}
