/** Has the scan field the focus whenever nothing else needs it, for a scanner is a keyboard. */
import { useCallback, useEffect, type MouseEvent, type RefObject } from "react";

const OTHERS = "input, select, textarea, dialog[open]";

export function useScanFocus(field: RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    // A scan that comes while the focus is elsewhere goes to the field all the same.
    const onKey = (event: KeyboardEvent) => {
      const at = event.target;
      if (event.ctrlKey || event.metaKey || event.altKey || !/^\d$/.test(event.key)) return;
      if (at instanceof HTMLElement && at.closest(OTHERS)) return;
      if (document.querySelector("dialog[open]") !== null) return;
      field.current?.focus({ preventScroll: true });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [field]);
  /** After a tap; who uses the keyboard stays where they are. */
  const onClick = useCallback(
    (event: MouseEvent) => {
      const at = event.target;
      if (event.detail === 0 || !(at instanceof HTMLElement)) return;
      if (at.closest("input, select, a, label, summary, [data-keeps-focus]")) return;
      field.current?.focus({ preventScroll: true });
    },
    [field],
  );
  return onClick;
}
