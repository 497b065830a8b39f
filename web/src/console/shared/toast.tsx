/** A short word on what was done, which goes away by itself and is read out. */
import { useSyncExternalStore } from "react";

const SHOWN_MS = 6_000;
let text = "";
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function show(next: string) {
  text = next;
  for (const listener of listeners) listener();
}

export function toast(next: string) {
  clearTimeout(timer);
  show(next);
  timer = setTimeout(() => show(""), SHOWN_MS);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => text,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown !== "" && <p className="toast">{shown}</p>}
    </div>
  );
}
