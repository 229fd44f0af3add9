import { useMemo } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { readInlineData, type RecordSourceProxy } from 'relay-runtime';
import { keepOwnVersion, ownVersion } from '../../app/ownVersions';
import type { UndoEntry, UndoOutcome } from '../../app/undo';
import { outcomeOf, useCommand, type CommandOptions, type CommandResult } from '../../app/useCommand';
import { sentenceOfFailure } from '../../messages/errors';
import { useMessages } from '../../messages/Messages';
import type { mutations_current$key } from '../../relay/__generated__/mutations_current.graphql';
import type { mutationsCreateMutation } from '../../relay/__generated__/mutationsCreateMutation.graphql';
import type { mutationsDeleteMutation } from '../../relay/__generated__/mutationsDeleteMutation.graphql';
import type { mutationsDuplicateMutation } from '../../relay/__generated__/mutationsDuplicateMutation.graphql';
import type { mutationsRenameMutation } from '../../relay/__generated__/mutationsRenameMutation.graphql';
import type { mutationsRestoreMutation } from '../../relay/__generated__/mutationsRestoreMutation.graphql';
import { toFailure } from '../../relay/errors';
import { showToast } from '../../ui/toasts';
import { CREATE, CURRENT, DELETE, DUPLICATE, RENAME, RESTORE } from './mutations';

/** A pipeline as the person saw it when they chose what to do with it. */
export interface Seen {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly stepCount: number;
}

type RenameOptions = CommandOptions<mutationsRenameMutation>;

/** What can be done with pipelines as a whole, in the list with this connection. All but the export can be undone. */
export interface PipelineCommands {
  create: (name: string, onDone: (id: string) => void) => Promise<CommandResult<mutationsCreateMutation>>;
  rename: (pipeline: Seen, name: string, onDone: () => void) => Promise<CommandResult<mutationsRenameMutation>>;
  duplicate: (pipeline: Pick<Seen, 'id' | 'name'>) => Promise<unknown>;
  remove: (pipeline: Seen, onDone?: () => void) => Promise<CommandResult<mutationsDeleteMutation>>;
  exportFile: (id: string) => Promise<void>;
}

/** The commands of a list; a page without one gives no connection. */
export function usePipelineCommands(connection: string | null): PipelineCommands {
  const t = useMessages();
  const environment = useRelayEnvironment();
  const [runCreate] = useCommand<mutationsCreateMutation>(CREATE);
  const [runRename] = useCommand<mutationsRenameMutation>(RENAME);
  const [runDuplicate] = useCommand<mutationsDuplicateMutation>(DUPLICATE);
  const [runDelete] = useCommand<mutationsDeleteMutation>(DELETE);
  const [runRestore] = useCommand<mutationsRestoreMutation>(RESTORE);

  return useMemo(() => {
    const connections = connection === null ? [] : [connection];

    /** The edges of the list are changed by directives of the documents, and its count by this. */
    const count = (store: RecordSourceProxy, isDone: boolean, by: number) => {
      const list = connection === null || !isDone ? null : store.get(connection);
      const total = list?.getValue('totalCount');
      if (typeof total === 'number') list?.setValue(total + by, 'totalCount');
    };

    const uncount = (store: RecordSourceProxy, data: mutationsDeleteMutation['response'] | null | undefined): void =>
      count(store, data?.deleteCrmScenario?.deletedCrmScenarioId != null, -1);

    /** Deletes a pipeline and brings it back, each as it is after the other. */
    function existence({ id, version, stepCount }: Omit<Seen, 'name'>) {
      let present = { version, stepCount };
      return {
        async remove(): Promise<UndoOutcome> {
          const expectedVersion = ownVersion(id, present.version);
          const variables = { id, expectedVersion, expectedStepCount: present.stepCount, connections };
          const result = await runDelete({ variables, updater: uncount, isFailureShown: true });
          return outcomeOf(t, result, ({ deleteCrmScenario: payload }) => placeOf(id, payload?.currentCrmScenario));
        },
        async restore(): Promise<UndoOutcome> {
          const result = await runRestore({
            variables: { id, connections },
            updater: (store, data) => count(store, data?.restoreCrmScenario?.crmScenarioEdge != null, 1),
            isFailureShown: true,
          });
          const node = result.is === 'done' ? result.response.restoreCrmScenario?.crmScenarioEdge?.node : undefined;
          if (node) {
            keepOwnVersion(id, ownVersion(id, present.version), node.version);
            present = node;
          }
          return outcomeOf(t, result);
        },
      };
    }

    function appearance(label: string, node: Omit<Seen, 'name'> | undefined): UndoEntry | null {
      if (node === undefined) return null;
      const { remove, restore } = existence(node);
      return { label, undo: remove, redo: restore };
    }

    async function setName(id: string, version: number, name: string, options: Partial<RenameOptions> = {}) {
      const variables = { id, name, expectedVersion: ownVersion(id, version) };
      const result = await runRename({ variables, isFailureShown: true, ...options });
      const renamed = result.is === 'done' ? result.response.updateCrmScenario?.crmScenario : undefined;
      if (renamed) keepOwnVersion(id, variables.expectedVersion, renamed.version);
      return result;
    }

    function renaming(id: string, from: string, to: string, version: number): UndoEntry {
      const set = async (name: string): Promise<UndoOutcome> =>
        outcomeOf(t, await setName(id, version, name), ({ updateCrmScenario: payload }) =>
          placeOf(id, payload?.currentCrmScenario),
        );
      return { label: t.pipelines.renamingTo(to), undo: () => set(from), redo: () => set(to) };
    }

    return {
      create(name, onDone) {
        return runCreate({
          variables: { input: { name }, connections },
          undo: ({ createCrmScenario: payload }) =>
            appearance(t.pipelines.creationOf(name.trim()), payload?.crmScenarioEdge?.node),
          announce: t.pipelines.created(name.trim()),
          onDone({ createCrmScenario: payload }) {
            if (payload?.crmScenarioEdge) onDone(payload.crmScenarioEdge.node.id);
          },
          isFailureShown: true,
        });
      },
      rename({ id, name: from, version }, name, onDone) {
        return setName(id, version, name, {
          undo({ updateCrmScenario: payload }) {
            const renamed = payload?.crmScenario;
            return renamed ? renaming(id, from, renamed.name, renamed.version) : null;
          },
          announce: ({ updateCrmScenario: payload }) => t.pipelines.renamed(payload?.crmScenario?.name ?? name),
          onDone,
        });
      },
      duplicate({ id, name }) {
        return runDuplicate({
          variables: { id, connections },
          updater: (store, data) => count(store, data?.duplicateCrmScenario?.crmScenarioEdge != null, 1),
          undo: ({ duplicateCrmScenario: payload }) =>
            appearance(t.pipelines.duplicationOf(name), payload?.crmScenarioEdge?.node),
          toast: ({ duplicateCrmScenario: payload }) =>
            t.pipelines.duplicated(payload?.crmScenarioEdge?.node.name ?? name),
        });
      },
      remove({ id, name, version, stepCount }, onDone) {
        const { remove, restore } = existence({ id, version, stepCount });
        return runDelete({
          variables: { id, expectedVersion: version, expectedStepCount: stepCount, connections },
          undo: { label: t.pipelines.deletionOf(name), undo: restore, redo: remove },
          updater: uncount,
          toast: t.pipelines.deleted(name),
          onDone,
          isFailureShown: true,
        });
      },
      async exportFile(id) {
        try {
          const { exportPipeline } = await import('../../app/exportPipeline');
          showToast({ text: t.pipelines.exported(await exportPipeline(environment, id)) });
        } catch (error) {
          showToast({ tone: 'danger', text: sentenceOfFailure(t, toFailure(error)) });
        }
      },
    } satisfies PipelineCommands;
  }, [connection, environment, runCreate, runDelete, runDuplicate, runRename, runRestore, t]);
}

/** Where, and by whom, the pipeline was changed. */
function placeOf(pipeline: string, key: mutations_current$key | null | undefined): { pipeline: string; by?: string } {
  const current = key && readInlineData(CURRENT, key);
  const by = current?.history.nodes[0]?.tokenName;
  return by === undefined ? { pipeline } : { pipeline, by };
}
