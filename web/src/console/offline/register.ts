/** Has the page come up without a network, from when somebody begins to count. */

/** Whether the page can be loaded again while there is no network. */
export type Offline = "ready" | "preparing" | "insecure" | "failed";

let state: Offline = "preparing";
let asked = false;
const listeners = new Set<() => void>();

function become(next: Offline) {
  state = next;
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export function offline(): Offline {
  return state;
}

export function onOffline(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Registers the service worker, once. Browsers have them over HTTPS and on localhost only. */
export function prepareForOffline() {
  if (asked) return;
  asked = true;
  if (!isSecureContext || !("serviceWorker" in navigator)) {
    become("insecure");
    return;
  }
  navigator.serviceWorker
    .register("/console/sw.js", { scope: "/console/", updateViaCache: "none" })
    // It is ready once it has all of the page, and not before.
    .then(() => navigator.serviceWorker.ready)
    .then(() => become("ready"))
    .catch((error: unknown) => {
      // Without a network the worker is there already, or the page would not be.
      if (navigator.serviceWorker.controller !== null) become("ready");
      else {
        console.warn(`the page cannot be kept for later: ${String(error)}`);
        become("failed");
      }
    });
}
