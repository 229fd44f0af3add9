import { useId, useState } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { Link } from 'wouter';
import { paths } from '../../app/routes';
import { useSession } from '../../app/session';
import { labelOfField } from '../../messages/labels';
import { useMessages } from '../../messages/Messages';
import type {
  HistoryEntry_change$data,
  HistoryEntry_change$key,
} from '../../relay/__generated__/HistoryEntry_change.graphql';
import { Button } from '../../ui/Button';
import { Differences, FieldDifference } from '../../ui/difference/FieldDifference';
import { wordsOf, type NameOf } from '../../ui/difference/labels';
import { Icon, type IconName } from '../../ui/Icon';
import { RelativeTime } from '../../ui/RelativeTime';
import { PutBack } from './PutBack';
import { ACTIONS, type ActionName } from './filter';
import { nameOfAuthor } from './who';
import './HistoryEntry.css';

const CHANGE = graphql`
  fragment HistoryEntry_change on Change {
    action
    subjectType
    subjectId
    happenedAt
    tokenId
    tokenName
    membership {
      name
    }
    scenarioId
    crmScenario {
      id
    }
    subject {
      __typename
      ... on CrmStep {
        name
      }
      ... on CrmScenario {
        name
      }
    }
    fields {
      name
      before
      after
    }
  }
`;

const ICONS: Record<ActionName, IconName> = {
  CREATED: 'add',
  UPDATED: 'edit',
  MOVED: 'arrowRight',
  DELETED: 'delete',
  RESTORED: 'restore',
};

/** Fields that tell a reader nothing: what the thing is and where it belongs is said already. */
const UNTOLD: ReadonlySet<string> = new Set(['id', 'createdAt', 'scenarioId', 'organizationId', 'index']);

export interface HistoryEntryProps {
  change: HistoryEntry_change$key;
  nameOf: NameOf;
  /** Whether the history is that of one step, whose name needs no link. */
  isOneStep: boolean;
  /** Called after the change was put back. */
  onPutBack: () => void;
}

/** A change: who did what and when, the fields that differ, and what puts it back. */
export function HistoryEntry({ change: key, nameOf, isOneStep, onPutBack }: HistoryEntryProps) {
  const t = useMessages();
  const { viewer } = useSession();
  const change = useFragment(CHANGE, key);
  const sentenceId = useId();
  const action = ACTIONS.find((name) => name === change.action);
  if (action === undefined) return null;
  const isStep = change.subjectType === 'CRM_STEP';
  const who = change.tokenId === viewer.tokenId ? t.history.you : nameOfAuthor(t, change);
  const name = nameOfSubject(change, nameOf);
  return (
    <article className="history-entry" aria-labelledby={sentenceId}>
      <span className={`history-entry-icon history-entry-${action.toLowerCase()}`}>
        <Icon name={ICONS[action]} />
      </span>
      <div className="history-entry-body">
        <header className="history-entry-head">
          <p id={sentenceId} className="history-entry-what">
            <strong title={t.history.token(change.tokenName)} translate={change.membership ? 'no' : undefined}>
              {who}
            </strong>{' '}
            {t.history.did[action][isStep ? 'CRM_STEP' : 'CRM_SCENARIO']}{' '}
            <Subject change={change} name={name} isOneStep={isOneStep} />
            {action === 'MOVED' && <> {placesOf(change, t.history.fromTo)}</>}
          </p>
          <span className="history-entry-when">
            <RelativeTime at={change.happenedAt} />
          </span>
        </header>
        <Fields fields={change.fields} action={action} nameOf={nameOf} />
        <PutBack change={change} thing={name ?? t.history.thisThing} describedBy={sentenceId} onPutBack={onPutBack} />
      </div>
    </article>
  );
}

/** The present name of what was changed, or else the one that it had. */
function nameOfSubject(change: HistoryEntry_change$data, nameOf: NameOf): string | null {
  if (change.subject?.__typename === 'CrmStep' || change.subject?.__typename === 'CrmScenario')
    return change.subject.name;
  const field = change.fields.find(({ name }) => name === 'name');
  const name = field?.after ?? field?.before;
  return typeof name === 'string' ? name : (nameOf(change.subjectId) ?? null);
}

function Subject({
  change,
  name,
  isOneStep,
}: {
  change: HistoryEntry_change$data;
  name: string | null;
  isOneStep: boolean;
}) {
  const t = useMessages();
  if (name === null) return <span className="history-entry-unnamed">{t.history.unnamed}</span>;
  if (isOneStep || change.subject?.__typename !== 'CrmStep' || change.scenarioId == null)
    return <b translate="no">{name}</b>;
  return (
    <Link href={paths.pipeline(change.scenarioId, { step: change.subjectId })} translate="no">
      {name}
    </Link>
  );
}

function placesOf(change: HistoryEntry_change$data, fromTo: (before: number, after: number) => string): string {
  const index = change.fields.find(({ name }) => name === 'index');
  return typeof index?.before === 'number' && typeof index.after === 'number'
    ? fromTo(index.before + 1, index.after + 1)
    : '';
}

/** The differences; those of what was created or deleted as a whole are folded. */
function Fields({
  fields,
  action,
  nameOf,
}: {
  fields: HistoryEntry_change$data['fields'];
  action: ActionName;
  nameOf: NameOf;
}) {
  const t = useMessages();
  const [isOpen, setOpen] = useState(action === 'UPDATED');
  const told = fields.filter(({ name, before, after }) => !UNTOLD.has(name) && (before !== null || after !== null));
  if (told.length === 0) return null;
  return (
    <>
      {action !== 'UPDATED' && (
        <Button
          size="sm"
          variant="quiet"
          onPress={() => setOpen(!isOpen)}
          aria-expanded={isOpen}
          icon={isOpen ? 'chevronDown' : 'chevronRight'}
        >
          {isOpen ? t.history.hideFields : t.history.showFields(told.length)}
        </Button>
      )}
      {isOpen && (
        <Differences>
          {told.map(({ name, before, after }) => (
            <FieldDifference
              key={name}
              label={labelOfField(t, name)}
              before={before}
              after={after}
              words={wordsOf(t, name, nameOf)}
              note={name === 'webhookHeader' ? t.difference.headerValues : undefined}
            />
          ))}
        </Differences>
      )}
    </>
  );
}
