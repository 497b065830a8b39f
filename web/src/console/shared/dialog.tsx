import { useEffect, useId, useRef, type ReactNode, type RefObject } from "react";

import { useText } from "../i18n";

interface DialogProps {
  open: boolean;
  title: string;
  onClose: () => void;
  /** What has the focus once it is open; the browser's choice otherwise. */
  focus?: RefObject<HTMLElement | null>;
  /** Something is under way whose outcome is shown here: it cannot be closed yet. */
  busy?: boolean;
  children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus, closes by Escape, and gives the focus back. */
export function Dialog({ open, title, onClose, focus, busy = false, children }: DialogProps) {
  const { t } = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    if (open && !element.open) {
      element.showModal();
      focus?.current?.focus();
    } else if (!open && element.open) {
      element.close();
    }
  }, [open, focus]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      aria-busy={busy}
      onCancel={(event) => busy && event.preventDefault()}
      // A browser closes it at the second Escape, whatever becomes of `cancel`.
      onClose={() => (busy ? dialog.current?.showModal() : onClose())}
    >
      {open && (
        <>
          <header>
            <h2 id={heading}>{title}</h2>
            <button
              type="button"
              className="icon"
              aria-label={t("action.close")}
              disabled={busy}
              onClick={onClose}
            >
              ×
            </button>
          </header>
          {children}
        </>
      )}
    </dialog>
  );
}
