import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useId, useRef } from 'react';
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useMessages } from '../messages/Messages';
import { IconButton } from './IconButton';
import { hasOpenList, Layer, useEscape, Zone, zoneProps } from './layer';
import { useMedia } from './useMedia';
import './Panel.css';

export interface PanelProps {
  title: ReactNode;
  /** What assistive technology calls it, where `title` is no text. */
  label?: string | undefined;
  /** Called by Escape and the cross. With something unsaved, ask first: useUnsaved. */
  onClose: () => void;
  /** Beside the title: state, buttons. */
  headEnd?: ReactNode;
  /** Below the content, always in sight. */
  footer?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
  ref?: Ref<HTMLElement> | undefined;
}

/** Narrower windows show the panel instead of what is below it. */
const PHONE = '(max-width: 48rem)';

/**
 * A part at the end of the screen about one thing of the screen. In a wide window what is beside it can still be used;
 * on a phone it is a page of its own, that keeps the focus. It takes the focus when it opens, and gives it back.
 */
export function Panel(props: PanelProps) {
  return useMedia(PHONE) ? <PagePanel {...props} /> : <SidePanel {...props} />;
}

function SidePanel({ title, label, onClose, headEnd, footer, children, className, ref }: PanelProps) {
  const titleId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusWhileOpen(heading);
  useEscape(onClose);
  const closeByEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return;
    if (hasOpenList(event.target)) return;
    event.stopPropagation();
    onClose();
  };
  return (
    <section
      ref={ref}
      className={`panel panel-side${className === undefined ? '' : ` ${className}`}`}
      aria-label={label}
      aria-labelledby={label === undefined ? titleId : undefined}
      onKeyDown={closeByEscape}
      {...zoneProps(titleId)}
    >
      <Zone id={titleId}>
        <PanelHead end={headEnd} onClose={onClose}>
          <h2 ref={heading} id={titleId} className="panel-title" tabIndex={-1}>
            {title}
          </h2>
        </PanelHead>
        <div className="panel-body">{children}</div>
        {footer !== undefined && <footer className="panel-foot">{footer}</footer>}
      </Zone>
    </section>
  );
}

function PagePanel({ title, label, onClose, headEnd, footer, children, className, ref }: PanelProps) {
  return (
    <ModalOverlay isOpen onOpenChange={(isOpen) => !isOpen && onClose()} className="panel-scrim">
      <Modal className="panel-page">
        <AriaDialog ref={ref} aria-label={label} className={`panel${className === undefined ? '' : ` ${className}`}`}>
          <Layer onEscape={onClose}>
            <PanelHead end={headEnd} onClose={onClose}>
              <Heading slot="title" level={2} className="panel-title">
                {title}
              </Heading>
            </PanelHead>
            <div className="panel-body">{children}</div>
            {footer !== undefined && <footer className="panel-foot">{footer}</footer>}
          </Layer>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function PanelHead({ children, end, onClose }: { children: ReactNode; end: ReactNode; onClose: () => void }) {
  const t = useMessages();
  return (
    <header className="panel-head">
      {children}
      <div className="panel-head-end">
        {end}
        <IconButton icon="close" label={t.ui.close} onPress={onClose} slot={null} />
      </div>
    </header>
  );
}

/**
 * Moves the focus to `target` once, and back to where it was when the caller goes. Whatever takes the focus in the
 * meantime keeps it: only a focus that is lost with the panel, or with a question about it, goes back.
 */
function useFocusWhileOpen(target: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const before = document.activeElement;
    // A field with autoFocus comes first.
    if (target.current?.closest('section')?.contains(before) !== true) target.current?.focus();
    return () => {
      const restore = () => {
        const isLost = document.activeElement === null || document.activeElement === document.body;
        if (isLost && before instanceof HTMLElement && before.isConnected) before.focus();
      };
      // A question that closes at the same time gives the focus back in the next frame.
      requestAnimationFrame(() => requestAnimationFrame(restore));
    };
  }, [target]);
}
