/**
 * The visitor's token. It is kept for as long as the tab is open, or on this device where the visitor
 * asks for that; it is sent to this server alone.
 */
const KEY = "stockflow:console:token";
const listeners = new Set<() => void>();

let current = read();

/** The token; undefined where none was given, as on a server that takes everybody. */
export function token(): string | undefined {
  return current;
}

/** Keeps a token; `undefined` forgets it. */
export function setToken(next: string | undefined, onThisDevice: boolean) {
  current = next;
  try {
    sessionStorage.removeItem(KEY);
    localStorage.removeItem(KEY);
    if (next !== undefined) (onThisDevice ? localStorage : sessionStorage).setItem(KEY, next);
  } catch {
    // No storage: the token is good until the page is left.
  }
  for (const listener of listeners) listener();
}

export function onTokenChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}
