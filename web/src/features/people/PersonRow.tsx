import { useFragment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { useMessages } from '../../messages/Messages';
import type {
  PersonRow_membership$data,
  PersonRow_membership$key,
} from '../../relay/__generated__/PersonRow_membership.graphql';
import { Tag } from '../../ui/Tag';
import { DirectoryRow, type RowProps } from '../directory';

const ROW = graphql`
  fragment PersonRow_membership on Membership {
    id
    name
    email
    role
    version
    updatedAt
    usedByCount
  }
`;

/** A person as the list has it. */
export type Person = Omit<PersonRow_membership$data, ' $fragmentType'>;

/** A person of the list. */
export function PersonRow({ entity: key, edit, remove }: RowProps<PersonRow_membership$key, Person>) {
  const t = useMessages();
  const membership = useFragment(ROW, key);
  return (
    <DirectoryRow
      id={membership.id}
      name={membership.name}
      isAgent={false}
      updatedAt={membership.updatedAt}
      usedByCount={membership.usedByCount}
      detail={<p translate="no">{membership.email}</p>}
      facts={membership.role === '%future added value' ? undefined : <Tag>{t.values.role[membership.role]}</Tag>}
      words={t.people}
      onEdit={() => edit(membership)}
      onRemove={(next) => remove(membership, next)}
    />
  );
}
