// One file of the build: they share most of what they need, and are loaded together.

export { MenuPopover } from './MenuPopover';
export { ToastRegion } from './ToastRegion';
export { TooltipBubble } from './TooltipBubble';
