import { createContext, use } from 'react';
import type { MovesOf, Placement } from './order';
import type { StepProblems } from './problems';
import type { StepSummaryRef } from './stepSummary';
import type { CommonValues } from './useUpdateSteps';

/** A step as the whole page needs it: light, and of all steps at once. */
export interface BoardStep extends StepSummaryRef {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly trigger: string | null | undefined;
  readonly agent: { readonly id: string; readonly name: string } | null | undefined;
  readonly defaultStatus: string | null | undefined;
  readonly defaultPriority: string | null | undefined;
  readonly defaultTags: readonly string[] | null | undefined;
  readonly defaultTagsToRemove: readonly string[] | null | undefined;
  readonly autoNextStepId: string | null | undefined;
}

/** What can be done with steps of the page. */
export interface StepActions {
  open: (id: string) => void;
  create: (where: { after?: string; before?: string }) => void;
  /** Selects a step, or does so no longer. */
  toggle: (id: string) => void;
  duplicate: (id: string) => Promise<void>;
  /** Where a step can go from where it is shown now. */
  movesOf: (id: string) => MovesOf;
  move: (ids: readonly string[], to: Placement) => Promise<void>;
  update: (ids: readonly string[], values: CommonValues) => Promise<void>;
  /** Asks where to. */
  askMove: (ids: readonly string[]) => void;
  /** Asks which one. */
  askAgent: (ids: readonly string[]) => void;
  /** Asks, and says what else would change. */
  askDelete: (ids: readonly string[]) => void;
  copyLink: (id: string) => Promise<void>;
}

/** The pipeline around cards, rows, menus and bars. */
export interface PipelineState {
  scenarioId: string;
  name: string;
  /** Board and list say differently where left is. */
  view: 'board' | 'list' | 'flow';
  /** All steps in their order, filtered or not. */
  ids: readonly string[];
  steps: ReadonlyMap<string, BoardStep>;
  /** From 0. A position is that in the list: the store may have old indexes. */
  positions: ReadonlyMap<string, number>;
  /** The steps that the filter shows. */
  shown: readonly string[];
  /** Those that the filter shows only because of a prompt or a message. */
  foundInTexts: ReadonlySet<string>;
  problems: ReadonlyMap<string, StepProblems>;
  selected: ReadonlySet<string>;
  /** The step whose panel is open. */
  open: string | undefined;
  /** Null if steps can be changed, else why they cannot. */
  readOnly: string | null;
  /** The address of a step's panel. */
  hrefOf: (id: string) => string;
  actions: StepActions;
}

export const PipelineContext = createContext<PipelineState | null>(null);

/** The pipeline that the page shows. */
export function usePipeline(): PipelineState {
  const pipeline = use(PipelineContext);
  if (pipeline === null) throw new Error('There is no pipeline around this component.');
  return pipeline;
}
