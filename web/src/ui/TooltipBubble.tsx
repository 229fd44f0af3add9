import type { RefObject } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import { Keys } from './Keys';
import type { TooltipOptions } from './useTooltip';
import './Tooltip.css';

interface Props extends TooltipOptions {
  target: RefObject<HTMLElement | null>;
  onHover: (isOver: boolean) => void;
  /** What it belongs to has moved: the page was scrolled. */
  onClose: () => void;
}

/** The bubble of a tooltip that is open. */
export function TooltipBubble({ target, text, shortcut, onHover, onClose }: Props) {
  return (
    <TooltipTrigger isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Tooltip
        triggerRef={target}
        className="tooltip"
        placement="top"
        offset={6}
        onPointerEnter={() => onHover(true)}
        onPointerLeave={() => onHover(false)}
      >
        {text}
        {shortcut !== undefined && <Keys shortcut={shortcut} />}
      </Tooltip>
    </TooltipTrigger>
  );
}
