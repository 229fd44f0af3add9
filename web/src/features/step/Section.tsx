import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Heading } from 'react-aria-components/Heading';
import { useMessages } from '../../messages/Messages';
import { Icon } from '../../ui/Icon';
import { Tag } from '../../ui/Tag';
import './Section.css';

export interface SectionProps {
  title: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** How many things are wrong in it. */
  problems?: number;
  /** Beside the title, also when it is closed. */
  note?: ReactNode;
  children: ReactNode;
}

/** A part of the form that can be closed. */
export function Section({ title, isOpen, onOpenChange, problems = 0, note, children }: SectionProps) {
  const t = useMessages();
  return (
    <Disclosure className="step-section" isExpanded={isOpen} onExpandedChange={onOpenChange}>
      <Heading level={3} className="step-section-head">
        <Button slot="trigger" className="step-section-button">
          <Icon name="chevronRight" />
          <span className="step-section-title">{title}</span>
          {problems > 0 && (
            <Tag tone="danger" icon="error">
              {t.step.sectionProblems(problems)}
            </Tag>
          )}
          {note}
        </Button>
      </Heading>
      <DisclosurePanel className="step-section-panel">
        <div className="step-section-content">{children}</div>
      </DisclosurePanel>
    </Disclosure>
  );
}
