import { type ReactNode, useId, useState } from 'react';
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useMessages } from '../messages/Messages';
import { Button } from './Button';
import { IconButton } from './IconButton';
import { Layer } from './layer';
import './Dialog.css';

export interface DialogProps {
  title: string;
  /** Called by Escape, the cross and a press outside. Take the dialog out of the tree, or ask first: useUnsaved. */
  onClose: () => void;
  /** `sm` is a question, `md` a form, `lg` something to look at. On a phone all fill the screen but `sm`. */
  size?: 'sm' | 'md' | 'lg' | undefined;
  /** `alertdialog` interrupts: a press outside does not close it. */
  role?: 'dialog' | 'alertdialog' | undefined;
  /** Buttons; the first in the tab order is the last in the line. */
  footer?: ReactNode;
  /** Whether nothing closes it now, because something is running. */
  isBusy?: boolean | undefined;
  children?: ReactNode;
  className?: string | undefined;
}

/** A window over everything else, that keeps the focus until it is closed, and gives it back then. It is open as long as it is drawn. */
export function Dialog({
  title,
  onClose,
  size = 'md',
  role = 'dialog',
  footer,
  isBusy = false,
  children,
  className,
}: DialogProps) {
  const t = useMessages();
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen && !isBusy) onClose();
      }}
      isDismissable={role === 'dialog'}
      isKeyboardDismissDisabled={isBusy}
      className="dialog-scrim"
    >
      <Modal className={`dialog-window dialog-${size}`}>
        <AriaDialog role={role} className={`dialog${className === undefined ? '' : ` ${className}`}`}>
          <Layer onEscape={isBusy ? null : onClose}>
            <header className="dialog-head">
              <Heading slot="title" level={2} className="dialog-title">
                {title}
              </Heading>
              {role === 'dialog' && (
                <IconButton icon="close" label={t.ui.close} onPress={onClose} isDisabled={isBusy} slot={null} />
              )}
            </header>
            {children !== undefined && <div className="dialog-body">{children}</div>}
            {footer !== undefined && <footer className="dialog-foot">{footer}</footer>}
          </Layer>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface ConfirmDialogProps {
  title: string;
  /** What will happen, and whether it can be undone. */
  children?: ReactNode;
  /** The verb: "Delete 3 steps", never "OK". */
  confirmLabel: string;
  cancelLabel?: string | undefined;
  isDanger?: boolean | undefined;
  /** While what it returns is running the dialog stays, and is busy. Whoever draws it takes it away. */
  onConfirm: () => void | Promise<unknown>;
  onClose: () => void;
}

/** Asks before something is done. */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  cancelLabel,
  isDanger = false,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  const t = useMessages();
  const [isBusy, setBusy] = useState(false);
  const textId = useId();
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      role="alertdialog"
      size="sm"
      isBusy={isBusy}
      onClose={onClose}
      footer={
        <>
          {/* What changes nothing has the focus first. */}
          <Button autoFocus onPress={onClose} isDisabled={isBusy}>
            {cancelLabel ?? t.ui.cancel}
          </Button>
          <Button
            variant={isDanger ? 'danger' : 'primary'}
            onPress={() => void confirm()}
            isBusy={isBusy}
            aria-describedby={textId}
          >
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children !== undefined && <div id={textId}>{children}</div>}
    </Dialog>
  );
}
