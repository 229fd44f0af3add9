import { fetchQuery, graphql, type IEnvironment } from 'relay-runtime';
import type { exportPipelineQuery } from '../relay/__generated__/exportPipelineQuery.graphql';
import { RequestFailed, toFailure } from '../relay/errors';
import { specOf, withoutSecrets, type PipelineSpec } from './pipelineSpec';

const SPEC = graphql`
  query exportPipelineQuery($id: ID!) {
    crmScenario(id: $id) {
      id
      revision
      spec {
        key
        name
        description
        steps {
          key
          name
          agentId
          agentName
          trigger
          prompt
          initialMessage
          autoNextStepKey
          autoNextTime
          autoNextTimeUnit
          defaultStatus
          defaultPriority
          defaultAiControl
          assigneeLogicType
          selectedMembershipIdsForAssignee
          selectedMembershipEmails
          isRequired
          isConversationRemovalStep
          defaultTags
          defaultTagsToRemove
          requestContact {
            name
            email
            phone
          }
          zapiAgentId
          zapiAgentName
          zapiPhoneNumber
          zapiMessage
          whatsappTemplateAgentId
          whatsappTemplateAgentName
          whatsappTemplateName
          whatsappTemplateLanguageCode
          whatsappTemplateText
          webhookUrl
          webhookHeader
        }
      }
    }
  }
`;

/** A pipeline as a specification, and the revision that it is of. */
export interface ReadPipeline {
  revision: number;
  spec: PipelineSpec;
}

/**
 * Reads a pipeline as the service exports it now, with the header values that the token may read; null if there is none.
 * Rejects with RequestFailed.
 */
export async function readPipeline(environment: IEnvironment, id: string): Promise<ReadPipeline | null> {
  try {
    const data = await fetchQuery<exportPipelineQuery>(
      environment,
      SPEC,
      { id },
      { fetchPolicy: 'network-only' },
    ).toPromise();
    const scenario = data?.crmScenario;
    return scenario ? { revision: scenario.revision, spec: specOf(scenario.spec) } : null;
  } catch (error) {
    throw toFailure(error);
  }
}

/**
 * Saves a pipeline as a file, `<key>.yaml`, and returns its name. Values of webhook headers are masked, as on the command
 * line. Rejects with RequestFailed.
 */
export async function exportPipeline(environment: IEnvironment, id: string): Promise<string> {
  const read = await readPipeline(environment, id);
  if (read === null) throw new RequestFailed('failed', 'The pipeline was deleted.', { code: 'NOT_FOUND' });
  const { textOf } = await import('./pipelineText');
  const name = `${read.spec.key}.yaml`;
  save(name, textOf(withoutSecrets(read.spec)));
  return name;
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has read it once the click is over; some only begin then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
