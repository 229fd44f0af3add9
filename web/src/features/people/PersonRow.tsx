import { lazy, Suspense, useRef, useState } from 'react';
import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useMessages } from '../../messages/Messages';
import type { PersonRow_membership$key } from '../../relay/__generated__/PersonRow_membership.graphql';
import { Tag } from '../../ui/Tag';
import { DirectoryRow } from '../directory';

const PersonDialog = lazy(() => import('./PersonDialog'));
const RemovePerson = lazy(() => import('./RemovePerson'));

const ROW = graphql`
  fragment PersonRow_membership on Membership {
    id
    name
    email
    role
    version
    updatedAt
  }
`;

/** A person of the list. */
export function PersonRow({ membership: key }: { membership: PersonRow_membership$key }) {
  const t = useMessages();
  const membership = useFragment(ROW, key);
  const [dialog, setDialog] = useState<'edit' | 'remove' | null>(null);
  const next = useRef<HTMLElement>(null);
  const close = () => setDialog(null);
  return (
    <>
      <DirectoryRow
        id={membership.id}
        name={membership.name}
        isAgent={false}
        updatedAt={membership.updatedAt}
        detail={<p translate="no">{membership.email}</p>}
        facts={membership.role === '%future added value' ? undefined : <Tag>{t.values.role[membership.role]}</Tag>}
        words={t.people}
        onEdit={() => setDialog('edit')}
        onRemove={(neighbour) => {
          next.current = neighbour;
          setDialog('remove');
        }}
      />
      {dialog !== null && (
        <Suspense>
          {dialog === 'edit' ? (
            <PersonDialog membership={membership} onClose={close} />
          ) : (
            <RemovePerson membership={membership} onClose={close} onRemoved={() => next.current?.focus()} />
          )}
        </Suspense>
      )}
    </>
  );
}
