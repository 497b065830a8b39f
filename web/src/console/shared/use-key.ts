import { useEffect, useRef } from "react";
import { tinykeys } from "tinykeys";

/** Has a key do something while a view is shown; where something is written, or a dialog is open, it does not. */
export function useKey(key: string, act: () => void) {
  const latest = useRef(act);
  latest.current = act;
  useEffect(
    () =>
      tinykeys(window, {
        [key]: (event) => {
          const at = event.target;
          if (at instanceof HTMLElement && at.closest("input, select, textarea, dialog[open]"))
            return;
          event.preventDefault();
          latest.current();
        },
      }),
    [key],
  );
}
