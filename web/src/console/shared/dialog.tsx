import { useEffect, useId, useLayoutEffect, useRef, type ReactNode, type RefObject } from "react";

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

/** Closes it, which gives the focus back; to the view's heading where whatever opened it is gone. */
function close(element: HTMLDialogElement) {
  element.close();
  setTimeout(() => {
    const { activeElement } = document;
    if (activeElement !== null && activeElement !== document.body) return;
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  }, 0);
}

/** The browser's own modal dialog: it keeps the focus, closes by Escape, and gives the focus back. */
export function Dialog({ open, title, onClose, focus, busy = false, children }: DialogProps) {
  const { t } = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const leaving = useRef(false);
  // Browsers give the focus back from a dialog that is closed, not from one that is taken away.
  useLayoutEffect(() => {
    const element = dialog.current;
    leaving.current = false;
    return () => {
      leaving.current = true;
      if (element?.open === true) close(element);
    };
  }, []);
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    if (open && !element.open) {
      element.showModal();
      focus?.current?.focus();
    } else if (!open && element.open) {
      close(element);
    }
  }, [open, focus]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      aria-busy={busy}
      onCancel={(event) => busy && event.preventDefault()}
      onClose={() => {
        if (leaving.current) return;
        // A browser closes it at the second Escape, whatever becomes of `cancel`.
        if (busy) dialog.current?.showModal();
        else onClose();
      }}
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
