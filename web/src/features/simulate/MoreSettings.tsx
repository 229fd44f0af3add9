import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Heading } from 'react-aria-components/Heading';
import { useMessages } from '../../messages/Messages';
import { Icon } from '../../ui/Icon';
import { NumberField } from '../../ui/NumberField';
import { openPart, type Draft, type DraftErrors } from './draft';
import { DurationField } from './DurationField';
import type { Directory } from './useDirectory';
import './MoreSettings.css';

export interface MoreSettingsProps {
  draft: Draft;
  directory: Directory;
  errors: DraftErrors;
  onChange: (part: Partial<Draft>) => void;
}

/** The settings that are rarely changed; open if one was, or if something is wrong with one. */
export function MoreSettings({ draft, directory, errors, onChange }: MoreSettingsProps) {
  const t = useMessages();
  const hasErrors = [...errors.keys()].some((part) => /^(?:seed|untilSeconds|open)/.test(part));
  const [isOpen, setOpen] = useState(draft.seed !== 0 || draft.open.size > 0);
  return (
    <Disclosure className="more-settings" isExpanded={isOpen || hasErrors} onExpandedChange={setOpen}>
      <Heading level={2}>
        <AriaButton slot="trigger" className="more-settings-button">
          <Icon name="chevronRight" />
          {t.simulate.more}
        </AriaButton>
      </Heading>
      <DisclosurePanel className="more-settings-panel">
        <DurationField
          id="untilSeconds"
          label={t.simulate.until}
          seconds={draft.untilSeconds}
          onChange={(untilSeconds) => onChange({ untilSeconds })}
          error={errors.get('untilSeconds')}
        />
        <NumberField
          id="seed"
          label={t.simulate.seed}
          description={t.simulate.seedDescription}
          value={draft.seed}
          onChange={(seed) => onChange({ seed: seed ?? 0 })}
          error={errors.get('seed')}
        />
        {directory.people.size > 0 && (
          <fieldset className="more-settings-open">
            <legend>{t.simulate.open}</legend>
            <p className="simulation-note">{t.simulate.openDescription}</p>
            {[...directory.people].map(([id, name]) => (
              <NumberField
                key={id}
                id={openPart(id)}
                label={t.simulate.openOf(name)}
                value={draft.open.get(id) ?? 0}
                onChange={(count) => onChange({ open: new Map(draft.open).set(id, count ?? 0) })}
                error={errors.get(openPart(id))}
              />
            ))}
          </fieldset>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
}
