/** The server may have been upgraded since the page was loaded, and no longer have its scripts. */

const KEY = "stockflow:console:reloaded-at";
/** Scripts that are missing again so soon are not brought by another reload. */
const AGAIN_MS = 60_000;

/** Loads the page again, once, where a script of it cannot be had and there is a network. */
export function reloadForMissingScripts() {
  addEventListener("vite:preloadError", () => {
    if (!navigator.onLine || !first()) return;
    location.reload();
  });
}

function first(): boolean {
  try {
    const before = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - before < AGAIN_MS) return false;
    sessionStorage.setItem(KEY, String(Date.now()));
    return true;
  } catch {
    // Without storage nothing tells whether it was done before.
    return false;
  }
}
