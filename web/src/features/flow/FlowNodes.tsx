import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { createContext, memo, use, useEffect, useRef, type RefObject } from 'react';
import { useFormat, useMessages } from '../../messages/Messages';
import { Icon, type IconName } from '../../ui/Icon';
import { VisuallyHidden } from '../../ui/VisuallyHidden';
import { START, STEP } from './layout';
import type { Picture, PictureStep, Severity } from './picture';
import { displayName, sentencesOf } from './words';
import './FlowNodes.css';

/** What the nodes of a picture share. A context, so that not every node is new when one of it changes. */
export interface NodeContext {
  picture: Picture;
  /** The index of the one step that Tab reaches; arrow keys go to the others. */
  current: number;
  /** The index of the step that takes the focus as soon as it is drawn. */
  focusNext: RefObject<number | null>;
  onOpen: (index: number) => void;
  onPoint: (index: number | null) => void;
}

export const FlowNodeContext = createContext<NodeContext | null>(null);

/** What one node shows beside its step. */
export type StepNodeData = {
  index: number;
  isSelected: boolean;
  isHighlighted: boolean;
  /** Whether the end of an arc is dragged over it, and may or may not be dropped there. */
  drop: 'here' | 'refused' | null;
};

export type StepNode = Node<StepNodeData, 'step'>;
export type StartNode = Node<Record<string, never>, 'start'>;

const SEVERITY_ICONS: Record<Severity, IconName> = { ERROR: 'error', WARNING: 'alert', INFO: 'info' };

/** A step in the row, as a button that opens it. */
export const StepNodeView = memo(function StepNodeView({ data }: NodeProps<StepNode>) {
  const context = use(FlowNodeContext);
  const step = context?.picture.steps[data.index];
  if (context === null || step === undefined) return null;
  return (
    <>
      {/* @xyflow draws no edge without them, and looks for them in the document. */}
      <Handle type="source" position={Position.Top} isConnectable={false} className="flow-handle" />
      <Handle type="target" position={Position.Top} isConnectable={false} className="flow-handle" />
      <StepButton context={context} data={data} step={step} />
    </>
  );
});

function StepButton({ context, data, step }: { context: NodeContext; data: StepNodeData; step: PictureStep }) {
  const t = useMessages();
  const format = useFormat();
  const { index } = data;
  const { current, focusNext } = context;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focusNext.current !== index) return;
    focusNext.current = null;
    button.current?.focus({ preventScroll: true });
  }, [current, focusNext, index]);
  return (
    <button
      ref={button}
      type="button"
      className="flow-step"
      data-step-index={index}
      data-current={data.isSelected || undefined}
      data-highlighted={data.isHighlighted || undefined}
      data-drop={data.drop ?? undefined}
      tabIndex={index === current ? 0 : -1}
      disabled={step.id === null}
      aria-current={data.isSelected || undefined}
      onClick={() => context.onOpen(index)}
      onFocus={() => context.onPoint(index)}
      onBlur={() => context.onPoint(null)}
      onMouseEnter={() => context.onPoint(index)}
      onMouseLeave={() => context.onPoint(null)}
    >
      <VisuallyHidden>{sentencesOf(t.flow, format, context.picture, index).join(' ')}</VisuallyHidden>
      <span className="flow-step-number" aria-hidden="true">
        {format.number(index + 1)}
      </span>
      <span className="flow-step-name" aria-hidden="true" translate={step.id === null ? undefined : 'no'}>
        {displayName(t.flow, step.name)}
      </span>
      <StepMarks step={step} index={index} />
    </button>
  );
}

/** What else there is to know of a step, each as an icon and, where there is room, a word. */
function StepMarks({ step, index }: { step: PictureStep; index: number }) {
  const t = useMessages();
  const marks: [IconName, string][] = [];
  if (step.hasTrigger && index > 0) marks.push(['trigger', t.flow.trigger]);
  if (step.isResolving) marks.push(['check', t.flow.resolves]);
  if (step.isRemoving) marks.push(['exit', t.flow.removes]);
  if (marks.length === 0 && step.severity === null) return null;
  return (
    <span className="flow-step-marks" aria-hidden="true">
      {marks.map(([icon, word]) => (
        <span key={icon} className="flow-step-mark">
          <Icon name={icon} />
          {marks.length < 3 && word}
        </span>
      ))}
      {step.severity !== null && (
        <span className={`flow-step-problem flow-step-problem-${step.severity.toLowerCase()}`}>
          <Icon name={SEVERITY_ICONS[step.severity]} />
        </span>
      )}
    </span>
  );
}

/** The dot at which conversations start, with an arrow to the first step. */
export const StartNodeView = memo(function StartNodeView() {
  const t = useMessages();
  const { size, gap } = START;
  const radius = size / 2;
  const tip = size + gap - 2;
  return (
    <svg className="flow-start" width={size + gap} height={STEP.height} aria-hidden="true">
      <circle cx={radius} cy={STEP.height / 2} r={radius - 2} />
      <path d={`M${size} ${STEP.height / 2}H${tip}m-8 -4.5l8 4.5l-8 4.5`} />
      <text x={radius} y={STEP.height / 2 + size + 6}>
        {t.flow.start}
      </text>
    </svg>
  );
});
