import { graphql } from 'relay-runtime';

// Every field of a step that a screen shows, so that a step that someone else has created can be shown too.
export default graphql`
  subscription liveChangesSubscription($scenarioId: ID, $after: String) {
    changes(scenarioId: $scenarioId, after: $after) {
      cursor
      node {
        ...live_change
        crmScenario {
          id
          key
          name
          description
          revision
          version
          updatedAt
          stepCount
          stepsUpdatedAt
          diagnosticCounts {
            errors
            warnings
            infos
          }
        }
        subject {
          __typename
          id
          ... on Agent {
            name
            iconUrl
            updatedAt
            version
          }
          ... on Membership {
            name
            email
            role
            updatedAt
            version
          }
          ... on CrmStep {
            key
            name
            scenarioId
            version
            createdAt
            updatedAt
            isRequired
            isConversationRemovalStep
            trigger
            prompt
            agentId
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
            selectedMembershipIdsForAssignee
            selectedMembershipsForAssignee {
              id
              name
            }
            requestContact {
              name
              email
              phone
            }
            initialMessage
            hasInitialMessage
            zapiAgentId
            zapiAgent {
              id
              name
            }
            zapiPhoneNumber
            zapiMessage
            whatsappTemplateAgentId
            whatsappTemplateAgent {
              id
              name
            }
            whatsappTemplateName
            whatsappTemplateLanguageCode
            whatsappTemplateText
            autoNextTime
            autoNextTimeUnit
            autoNextDelaySeconds
            autoNextStepId
            autoNextStep {
              id
              name
            }
            incomingTimerCount
            webhookUrl
            webhookHeaders {
              name
              value
              isMasked
            }
          }
        }
      }
    }
  }
`;
