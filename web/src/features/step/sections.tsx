// What is in the sections of the form.

import { useMessages } from '../../messages/Messages';
import { Checkbox } from '../../ui/Checkbox';
import { cannotChange } from '../../ui/Field';
import { MultiComboField } from '../../ui/MultiComboField';
import { Picker } from '../../ui/Picker';
import { Segmented } from '../../ui/Segmented';
import {
  AreaOf,
  ChoiceOf,
  FieldPlace,
  FlagOf,
  NO_DESCRIPTION,
  ReferenceOf,
  TagsOf,
  TextOf,
  withUnknown,
} from './controls';
import { useAgents, useMemberships } from './search';
import { useField, useForm } from './useField';
import type { ContactValue } from './values';

export function What({ isNew }: { isNew: boolean }) {
  return (
    <>
      <TextOf field="name" isRequired autoFocus={isNew} />
      <FlagOf field="isRequired" />
      <FlagOf field="isConversationRemovalStep" />
      <TextOf field="key" isCode />
    </>
  );
}

export function Enter() {
  return <AreaOf field="trigger" rows={2} />;
}

export function AgentPart() {
  const t = useMessages();
  const agents = useAgents();
  const ai = useField('defaultAiControl');
  const states = { on: true, off: false, leave: null };
  const state = ai.value === null ? 'leave' : ai.value ? 'on' : 'off';
  return (
    <>
      <div className="step-pair">
        <ReferenceOf field="agentId" load={agents} placeholder={t.step.keepAgent} />
        <FieldPlace field="defaultAiControl">
          <Segmented
            {...ai.props}
            {...NO_DESCRIPTION}
            items={[
              { id: 'on', label: t.values.aiControl.on },
              { id: 'off', label: t.values.aiControl.off },
              { id: 'leave', label: t.step.aiLeave },
            ]}
            value={state}
            onChange={(id) => ai.set(states[id])}
          />
        </FieldPlace>
      </div>
      <AreaOf field="prompt" rows={6} />
    </>
  );
}

export function Sets() {
  const t = useMessages();
  return (
    <>
      <div className="step-pair">
        <ChoiceOf field="defaultStatus" items={t.values.status} />
        <ChoiceOf field="defaultPriority" items={t.values.priority} />
      </div>
      <TagsOf field="defaultTags" />
      <TagsOf field="defaultTagsToRemove" />
    </>
  );
}

const KEEP = 'none';

export function Who() {
  const t = useMessages();
  const { store } = useForm();
  const memberships = useMemberships();
  const logic = useField('assigneeLogicType');
  const people = useField('selectedMembershipIdsForAssignee');
  const items = Object.entries(t.values.assignment).map(([id, label]) => ({ id, label }));
  const choose = (id: string) => {
    // Nothing and `none` mean the same: what is stored comes back.
    const { base, version } = store.draft;
    const isStored = version !== null && (base.assigneeLogicType ?? KEEP) === id;
    logic.set(isStored ? base.assigneeLogicType : id);
  };
  // Only what can be given is there to be filled in.
  const isAsked = !cannotChange(people.props) || people.value.length > 0;
  const invalidIds = new Set(people.problems.flatMap(({ field: [, , at] }) => people.value[Number(at)] ?? []));
  return (
    <>
      <FieldPlace field="assigneeLogicType">
        <Picker
          {...logic.props}
          items={withUnknown(items, logic.value)}
          value={logic.value ?? KEEP}
          onChange={choose}
        />
      </FieldPlace>
      {isAsked && (
        <FieldPlace field="selectedMembershipIdsForAssignee">
          <MultiComboField
            {...people.props}
            value={people.value.map((id) => ({ id, label: store.draft.names[id] ?? id }))}
            onChange={(chosen) =>
              people.set(
                chosen.map(({ id }) => id),
                Object.fromEntries(chosen.map(({ id, label }) => [id, label])),
              )
            }
            load={memberships}
            maxItems={people.rules?.maxItems ?? undefined}
            invalidIds={invalidIds}
          />
        </FieldPlace>
      )}
    </>
  );
}

export function Sends() {
  const t = useMessages();
  const agents = useAgents();
  return (
    <>
      <AreaOf field="initialMessage" rows={3} />
      <Contact />
      <fieldset className="step-group">
        <legend>{t.step.template}</legend>
        <p className="step-note">{t.step.templateNote}</p>
        <ReferenceOf field="whatsappTemplateAgentId" load={agents} placeholder={t.step.notSet} />
        <div className="step-pair">
          <TextOf field="whatsappTemplateName" isCode />
          <TextOf field="whatsappTemplateLanguageCode" isCode />
        </div>
        <AreaOf field="whatsappTemplateText" rows={2} />
      </fieldset>
      <fieldset className="step-group">
        <legend>{t.step.zapi}</legend>
        <p className="step-note">{t.step.zapiNote}</p>
        <ReferenceOf field="zapiAgentId" load={agents} placeholder={t.step.notSet} />
        <TextOf field="zapiPhoneNumber" type="tel" />
        <AreaOf field="zapiMessage" rows={2} />
      </fieldset>
    </>
  );
}

function Contact() {
  const t = useMessages();
  const { value, set, props } = useField('requestContact');
  const parts = Object.keys(value) as (keyof ContactValue)[];
  return (
    <FieldPlace field="requestContact">
      <fieldset className="step-choices">
        <legend>{t.step.asksFor}</legend>
        {parts.map((part) => (
          <Checkbox
            key={part}
            isSelected={value[part]}
            onChange={(isSelected) => set({ ...value, [part]: isSelected })}
            isDisabled={cannotChange(props)}
          >
            {t.fields.requestContact[part]}
          </Checkbox>
        ))}
      </fieldset>
    </FieldPlace>
  );
}
