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
    // The console itself is no page below /console/; the server allows the wider scope.
    .register("/console/sw.js", { scope: "/console", updateViaCache: "none" })
    .then(installed)
    .then(() => become("ready"))
    .catch((error: unknown) => {
      // Without a network the worker is there already, or the page would not be.
      if (navigator.serviceWorker.controller !== null) {
        become("ready");
        return;
      }
      console.warn(`the page cannot be kept for later: ${String(error)}`);
      become("failed");
      asked = false;
      addEventListener("online", prepareForOffline, { once: true });
    });
}

/** Ends once the worker has all of the page; fails if it could not get it. */
async function installed(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active !== null || worker === null) return;
  await new Promise<void>((resolve, reject) => {
    const look = () => {
      if (worker.state === "activated") resolve();
      else if (worker.state === "redundant") reject(new Error("the worker could not be installed"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}
