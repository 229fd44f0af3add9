import { graphql, type FragmentRefs } from 'relay-runtime';
import type { stepSummary_step$data } from '../../relay/__generated__/stepSummary_step.graphql';

/** What cards and rows show of a step: nothing that is long, and nothing that is secret. */
export const STEP_SUMMARY = graphql`
  fragment stepSummary_step on CrmStep {
    id
    version
    name
    trigger
    agent {
      id
      name
    }
    defaultAiControl
    defaultStatus
    defaultPriority
    defaultTags
    defaultTagsToRemove
    assigneeLogicType
    selectedMembershipsForAssignee {
      id
      name
    }
    isRequired
    isConversationRemovalStep
    requestContact {
      name
      email
      phone
    }
    hasInitialMessage
    whatsappTemplateName
    zapiPhoneNumber
    autoNextDelaySeconds
    autoNextStepId
    webhookUrl
  }
`;

export type StepSummary = stepSummary_step$data;
export type StepSummaryRef = { readonly ' $fragmentSpreads': FragmentRefs<'stepSummary_step'> };
