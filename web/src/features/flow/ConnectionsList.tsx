import { useMemo } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { ListLayout, Virtualizer } from 'react-aria-components/Virtualizer';
import { useFormat, useMessages } from '../../messages/Messages';
import type { Picture } from './picture';
import { sentencesOf } from './words';
import './ConnectionsList.css';

/** The picture in words: a row for each step, which opens it. Only the rows in view are elements. */
export function ConnectionsList({ picture, onOpen }: { picture: Picture; onOpen: (index: number) => void }) {
  const t = useMessages();
  const format = useFormat();
  const items = useMemo(
    () =>
      picture.steps.map((_, index) => {
        const [name = '', ...sentences] = sentencesOf(t.flow, format, picture, index);
        return { id: index, name, text: sentences.join(' ') };
      }),
    [picture, t, format],
  );
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ estimatedRowHeight: 60 }}>
      <ListBox
        className="flow-connections"
        aria-label={t.flow.list}
        items={items}
        selectionMode="none"
        onAction={(key) => onOpen(Number(key))}
      >
        {({ name, text }) => (
          <ListBoxItem className="flow-connection" textValue={name}>
            <span className="flow-connection-name">{name}</span>
            <span className="flow-connection-text">{text}</span>
          </ListBoxItem>
        )}
      </ListBox>
    </Virtualizer>
  );
}
