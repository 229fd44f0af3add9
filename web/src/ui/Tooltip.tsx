import type { ReactNode } from 'react';
import { type TooltipProps, Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import { Keys } from './Keys';
import './Tooltip.css';

export interface TooltipOptions {
  /** What the thing is or why it is as it is; one short sentence. */
  text: string;
  /** `mod+z`, `n`. */
  shortcut?: string | undefined;
  placement?: TooltipProps['placement'];
}

/** Says `text` when the pointer rests on the one focusable child, or the child has the focus by keys. */
export function Tooltip({ text, shortcut, placement, children }: TooltipOptions & { children: ReactNode }) {
  return (
    <TooltipTrigger delay={500} closeDelay={100}>
      {children}
      <TooltipText text={text} shortcut={shortcut} placement={placement} />
    </TooltipTrigger>
  );
}

/** The bubble itself, for a trigger with a state of its own. */
export function TooltipText({ text, shortcut, placement = 'top' }: TooltipOptions) {
  return (
    <AriaTooltip className="tooltip" placement={placement} offset={6}>
      {text}
      {shortcut !== undefined && <Keys shortcut={shortcut} />}
    </AriaTooltip>
  );
}
