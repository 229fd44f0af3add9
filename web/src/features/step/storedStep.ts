import { graphql, readInlineData } from 'relay-runtime';
import type { storedStep_step$key } from '../../relay/__generated__/storedStep_step.graphql';
import type { Names } from './draft';
import { valuesOf } from './stored';
import type { StepValues } from './values';

/** A step as it was stored at one time. */
export interface StoredStep {
  readonly id: string;
  readonly version: number;
  readonly values: StepValues;
  readonly names: Names;
  /** The last change of it, which made this version. */
  readonly changedBy: { readonly tokenId: string; readonly tokenName: string } | null;
}

/**
 * All that the form of a step shows, and what its tiles show. It is read at once with the version: what the store has
 * of a step may be of several versions.
 */
export const STEP = graphql`
  fragment storedStep_step on CrmStep @inline {
    id
    version
    updatedAt
    name
    key
    isRequired
    isConversationRemovalStep
    trigger
    agentId
    agent {
      id
      name
    }
    defaultAiControl
    prompt
    defaultStatus
    defaultPriority
    defaultTags
    defaultTagsToRemove
    assigneeLogicType
    selectedMembershipIdsForAssignee
    selectedMembershipsForAssignee {
      id
      name
    }
    initialMessage
    hasInitialMessage
    requestContact {
      name
      email
      phone
    }
    whatsappTemplateAgentId
    whatsappTemplateAgent {
      id
      name
    }
    whatsappTemplateName
    whatsappTemplateLanguageCode
    whatsappTemplateText
    zapiAgentId
    zapiAgent {
      id
      name
    }
    zapiPhoneNumber
    zapiMessage
    autoNextTime
    autoNextTimeUnit
    autoNextDelaySeconds
    autoNextStepId
    autoNextStep {
      id
      name
    }
    webhookUrl
    webhookHeaders {
      name
      value
      isMasked
    }
    incomingTimerCount
    lastChange: history(first: 1, orderBy: { direction: DESC }, filter: { actions: [CREATED, UPDATED, RESTORED] }) {
      nodes {
        id
        tokenId
        tokenName
      }
    }
  }
`;

/** The step of a response. */
export function readStep(key: storedStep_step$key): StoredStep {
  const step = readInlineData(STEP, key);
  const named = [
    step.agent,
    step.zapiAgent,
    step.whatsappTemplateAgent,
    step.autoNextStep,
    ...(step.selectedMembershipsForAssignee ?? []),
  ];
  const { id, version, lastChange } = step;
  return {
    id,
    version,
    values: valuesOf(step),
    names: Object.fromEntries(named.flatMap((one) => (one ? [[one.id, one.name]] : []))),
    changedBy: lastChange.nodes[0] ?? null,
  };
}
