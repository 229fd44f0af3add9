import { useCallback } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import { keepOwnVersion, ownVersion } from '../../app/ownVersions';
import { outcomeOf, useCommand, type CommandResult } from '../../app/useCommand';
import type { UndoEntry, UndoOutcome } from '../../app/undo';
import { sentenceOf, sentenceOfFailure } from '../../messages/errors';
import { labelOfField } from '../../messages/labels';
import { useFormat, useMessages } from '../../messages/Messages';
import type { useValuesBackPresentQuery } from '../../relay/__generated__/useValuesBackPresentQuery.graphql';
import type { useValuesBackScenarioMutation } from '../../relay/__generated__/useValuesBackScenarioMutation.graphql';
import type { useValuesBackStepMutation } from '../../relay/__generated__/useValuesBackStepMutation.graphql';
import type { Outcome, Target } from './outcome';
import { remaining, standing, type FieldValue, type PastChange, type Present } from './putBack';
import { readNow } from './reading';
import { nameOfAuthor, type Author } from './who';

/** The step or the pipeline of which a change is put back, as it is now. */
const PRESENT = graphql`
  query useValuesBackPresentQuery($id: ID!, $isStep: Boolean!) {
    crmStep(id: $id) @include(if: $isStep) {
      id
      ...useValuesBack_step @relay(mask: false)
    }
    crmScenario(id: $id) @skip(if: $isStep) {
      id
      ...useValuesBack_scenario @relay(mask: false)
    }
  }
`;

/** Every field of a step that an update can set, but the headers, of which the history has no values. */
graphql`
  fragment useValuesBack_step on CrmStep {
    version
    name
    key
    agentId
    trigger
    prompt
    initialMessage
    hasInitialMessage
    autoNextStepId
    autoNextTime
    autoNextTimeUnit
    defaultStatus
    defaultPriority
    defaultAiControl
    assigneeLogicType
    selectedMembershipIdsForAssignee
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
    zapiPhoneNumber
    zapiMessage
    whatsappTemplateAgentId
    whatsappTemplateName
    whatsappTemplateLanguageCode
    whatsappTemplateText
    webhookUrl
  }
`;

graphql`
  fragment useValuesBack_scenario on CrmScenario {
    version
    name
    key
    description
  }
`;

/** Who made the newest change of something: the one that an update found there. */
graphql`
  fragment useValuesBack_lastChange on ChangeConnection {
    nodes {
      tokenId
      tokenName
      membership {
        name
      }
    }
  }
`;

const UPDATE_STEP = graphql`
  mutation useValuesBackStepMutation(
    $id: ID!
    $input: UpdateCrmStepInput!
    $expectedVersion: Int!
    $idempotencyKey: String!
  ) {
    updateCrmStep(id: $id, input: $input, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      crmStep {
        id
        updatedAt
        ...useValuesBack_step @relay(mask: false)
      }
      crmScenario {
        id
        revision
        stepsUpdatedAt
      }
      currentCrmStep {
        id
        history(first: 1, orderBy: { direction: DESC }) {
          ...useValuesBack_lastChange @relay(mask: false)
        }
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

const UPDATE_SCENARIO = graphql`
  mutation useValuesBackScenarioMutation(
    $id: ID!
    $input: UpdateCrmScenarioInput!
    $expectedVersion: Int!
    $idempotencyKey: String!
  ) {
    updateCrmScenario(id: $id, input: $input, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) {
      crmScenario {
        id
        revision
        updatedAt
        ...useValuesBack_scenario @relay(mask: false)
      }
      currentCrmScenario {
        id
        history(first: 1, orderBy: { direction: DESC }) {
          ...useValuesBack_lastChange @relay(mask: false)
        }
      }
      userErrors {
        ...useCommand_error @relay(mask: false)
      }
    }
  }
`;

type Mutations = useValuesBackStepMutation | useValuesBackScenarioMutation;

/** What an update answered, of a step or of a pipeline. */
interface Updated {
  result: CommandResult<Mutations>;
  /** The version after it. */
  version: number | undefined;
  /** Who made the change that it did not expect. */
  author: Author | undefined;
}

/**
 * Gives fields their values of before a change. If nobody has touched them since, that happens at once; otherwise the
 * outcome asks first. What is there now is read before, and the update expects its version.
 */
export function useValuesBack(): (
  target: Target,
  change: Pick<PastChange, 'fields'>,
  fields: readonly FieldValue[],
) => Promise<Outcome> {
  const t = useMessages();
  const format = useFormat();
  const environment = useRelayEnvironment();
  const update = useUpdate();

  return useCallback(
    async (target, change, fields): Promise<Outcome> => {
      const { subjectId: id, isStep, thing } = target;
      const reading = await readNow<useValuesBackPresentQuery>(environment, PRESENT, { id, isStep });
      if (reading.is === 'unread') return { is: 'told', sentences: [sentenceOfFailure(t, reading.failure)] };
      const found = isStep ? reading.data.crmStep : reading.data.crmScenario;
      if (!found) return { is: 'told', sentences: [t.history.subjectGone(thing)] };
      const { version, ...rest } = found;
      const present: Present = rest;
      const go = () => put(target, fields, present, version);
      switch (standing(change, present)) {
        case 'asBefore':
          return { is: 'told', sentences: [t.history.already(thing)] };
        case 'untouched':
          return go();
        case 'changedSince':
          return { is: 'ask', fields: remaining(fields, present), go };
      }

      async function put(of: Target, values: readonly FieldValue[], now: Present, expected: number): Promise<Outcome> {
        const back = values.map(({ name }) => ({ name, value: now[name] ?? null }));
        const fieldNames = format.list(values.map(({ name }) => labelOfField(t, name)));
        const { result, author } = await update(of, values, expected, t.history.done(of.thing, fieldNames), (after) =>
          undoOf(of, { earlier: values, later: back }, after),
        );
        if (result.is === 'done') return { is: 'done' };
        if (result.is === 'failed') return { is: 'failed' };
        const isStale = result.errors.some(({ code }) => code === 'STALE_VERSION');
        if (isStale) return { is: 'told', sentences: [t.history.stale(nameOfAuthor(t, author))] };
        return { is: 'told', sentences: result.errors.map((error) => sentenceOf(t, error)) };
      }

      /** Undo and redo are the same update, each with the version that the one before it answered. */
      function undoOf(
        of: Target,
        values: { earlier: readonly FieldValue[]; later: readonly FieldValue[] },
        after: number,
      ): UndoEntry {
        let expected = after;
        const step = async (to: readonly FieldValue[]): Promise<UndoOutcome> => {
          // Another command of this tab may have been undone meanwhile.
          const { result, version: next, author } = await update(of, to, ownVersion(of.subjectId, expected));
          if (next !== undefined) expected = next;
          return outcomeOf(t, result, {
            by: author?.tokenName,
            pipeline: of.scenarioId,
            step: of.isStep ? of.subjectId : undefined,
          });
        };
        return {
          label: t.history.undoLabel(of.thing),
          undo: () => step(values.later),
          redo: () => step(values.earlier),
        };
      }
    },
    [environment, format, t, update],
  );
}

type Update = (
  target: Target,
  fields: readonly FieldValue[],
  expectedVersion: number,
  toast?: string,
  undo?: (version: number) => UndoEntry,
) => Promise<Updated>;

/** One update of the step or the pipeline. */
function useUpdate(): Update {
  const [updateStep] = useCommand<useValuesBackStepMutation>(UPDATE_STEP);
  const [updateScenario] = useCommand<useValuesBackScenarioMutation>(UPDATE_SCENARIO);
  return useCallback(
    async ({ subjectId: id, isStep }, fields, expectedVersion, toast, undo) => {
      // The history has values as the API takes them.
      const input = Object.fromEntries(fields.map(({ name, value }) => [name, value])) as object;
      const said = toast === undefined ? {} : { toast };
      const entry = (version: number | undefined) => {
        if (version === undefined) return null;
        keepOwnVersion(id, expectedVersion, version);
        return undo === undefined ? null : undo(version);
      };
      if (isStep) {
        const result = await updateStep({
          variables: { id, input, expectedVersion },
          undo: ({ updateCrmStep }) => entry(updateCrmStep?.crmStep?.version),
          ...said,
        });
        const payload = result.is === 'failed' ? null : result.response.updateCrmStep;
        return { result, version: payload?.crmStep?.version, author: payload?.currentCrmStep?.history.nodes[0] };
      }
      const result = await updateScenario({
        variables: { id, input, expectedVersion },
        undo: ({ updateCrmScenario }) => entry(updateCrmScenario?.crmScenario?.version),
        ...said,
      });
      const payload = result.is === 'failed' ? null : result.response.updateCrmScenario;
      return { result, version: payload?.crmScenario?.version, author: payload?.currentCrmScenario?.history.nodes[0] };
    },
    [updateScenario, updateStep],
  );
}
