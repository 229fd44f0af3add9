import { Suspense, useEffect, type ComponentType, type ReactNode } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import type { GraphQLTaggedNode, OperationType } from 'relay-runtime';
import { useFormat, useMessages } from '../../messages/Messages';
import type { live_change$key } from '../../relay/__generated__/live_change.graphql';
import { useChanges } from '../../relay/live';
import { refreshPage } from '../../relay/pageQueries';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import type { IconName } from '../../ui/Icon';
import type { FoundProps } from './DirectoryPage';
import type { Seen } from './useEntityCommands';
import { useRowDialog, type RemoveProps, type RowDialogs } from './useRowDialog';
import './DirectoryList.css';

/** What a list subscribes to. */
interface Changes extends OperationType {
  readonly variables: { readonly after?: string | null; readonly connections: readonly string[] };
  readonly response: { readonly changes: { readonly node: live_change$key } };
}

/** What a row is given. */
export interface RowProps<Key, Entity> extends Pick<RowDialogs<Entity>, 'edit' | 'remove'> {
  entity: Key;
}

export interface DirectoryListProps<Key, Entity extends Seen> extends Omit<
  FoundProps<OperationType>,
  'document' | 'query'
> {
  /** What it lists: the part of the messages. */
  of: 'agents' | 'people';
  icon: IconName;
  /** What is found and read so far, … */
  connection: {
    readonly __id: string;
    readonly totalCount: number;
    readonly edges: readonly { readonly node: Key & { readonly id: string } }[];
  };
  /** … and how to read more. */
  pages: { hasNext: boolean; isLoadingNext: boolean; loadNext: (count: number) => unknown };
  /** What the list subscribes to, and from where on. */
  changes: GraphQLTaggedNode;
  after: string;
  Row: ComponentType<RowProps<Key, Entity>>;
  /** The dialogs, which are loaded when they are opened. */
  Dialog: ComponentType<{ entity: Entity; onClose: () => void }>;
  Remove: ComponentType<RemoveProps>;
}

/** The rows of a list, or what to do if there are none. What others do to them is shown as it happens. */
export function DirectoryList<Key, Entity extends Seen>(props: DirectoryListProps<Key, Entity>) {
  const { connection, changes, after, Row, Dialog, Remove } = props;
  const t = useMessages();
  const format = useFormat();
  const words = t[props.of];
  const environment = useRelayEnvironment();
  useChanges<Changes>(changes, { connections: [connection.__id] }, after, () => {
    // Where it belongs in the list, and how many there are, only the service knows.
    void refreshPage(environment);
  });
  const { open, edit, remove, close, closeRemoved } = useRowDialog<Entity>();
  return (
    <>
      <Rows
        {...props}
        rows={connection.edges.map(({ node }) => (
          <Row key={node.id} entity={node} edit={edit} remove={remove} />
        ))}
        countText={words.count(connection.totalCount, format.number(connection.totalCount))}
      />
      {open !== null && (
        <Suspense>
          {open.is === 'edit' ? (
            <Dialog entity={open.of} onClose={close} />
          ) : (
            <Remove entity={open.of} connection={connection.__id} onClose={close} onRemoved={closeRemoved} />
          )}
        </Suspense>
      )}
    </>
  );
}

interface RowsProps extends Pick<
  DirectoryListProps<unknown, Seen>,
  'of' | 'icon' | 'pages' | 'find' | 'onFindAll' | 'create'
> {
  rows: readonly ReactNode[];
  /** How many there are, in words. */
  countText: string;
}

function Rows({ of, icon, pages, find, onFindAll, create, rows, countText }: RowsProps) {
  const t = useMessages();
  const words = t[of];
  const text = find.trim();
  const isFinding = text !== '';
  useEffect(() => {
    if (isFinding) announce(countText);
  }, [countText, isFinding]);
  if (rows.length === 0) {
    return isFinding ? (
      <EmptyState
        icon="search"
        title={words.nothingFound}
        action={<Button onPress={onFindAll}>{words.clearFind}</Button>}
      >
        {words.nothingFoundText(text)}
      </EmptyState>
    ) : (
      <EmptyState icon={icon} title={words.empty} action={create}>
        {words.emptyText}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="directory-list" aria-label={words.title}>
        {rows}
      </ul>
      <footer className="directory-list-foot">
        <p>{countText}</p>
        {pages.hasNext && (
          <Button isBusy={pages.isLoadingNext} onPress={() => pages.loadNext(50)}>
            {t.directory.more}
          </Button>
        )}
      </footer>
    </>
  );
}
