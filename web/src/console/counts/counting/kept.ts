/**
 * What was counted on this device, kept from the moment it is entered until the server has answered and
 * beyond, for as long as its stocktake is open. It is in IndexedDB, which outlives the tab, and in
 * memory besides, which is what is shown. Every change is a transaction on one observation, so that two
 * tabs of a browser cannot undo each other's.
 */
import { createStore, delMany, values, type UseStore } from "idb-keyval";

export interface Kept {
  /** The key under which it is recorded at most once. */
  key: string;
  countId: string;
  /** Whose it is; it is sent with the same visitor's token only. */
  owner: string;
  skuId: string;
  /** Units on the shelf, in all. */
  quantity: number;
  /** The version of the SKU when its shelf was begun. */
  version: string;
  /**
   * Whether the version was read right then, or is the last one known and to be looked into before it is
   * sent, or is known to be too old and no better one could be had.
   */
  versionIs: "read" | "believed" | "unsure";
  /** When the shelf was begun, and when this was counted. */
  startedAt: string;
  countedAt: string;
  /** `open` still takes more units; `recorded` and `refused` are the server's answer. */
  state: "open" | "waiting" | "recorded" | "refused";
  /** It may have reached the server, so that it cannot be taken back. */
  attempted: boolean;
  refusal?: { code: string; message: string };
  /** In which order things were counted here. */
  place: number;
}

const DATABASE = "stockflow-counting";
const TABLE = "observations";

let store: UseStore | undefined;
let durable = true;
let items: readonly Kept[] = [];
let lastPlace = 0;
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(DATABASE);
channel?.addEventListener("message", () => void load());

/** All that is kept, of every stocktake and visitor, the oldest first. */
export function keptItems(): readonly Kept[] {
  return items;
}

export function onKept(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether what is entered outlives the tab. */
export function isDurable(): boolean {
  return durable;
}

function show(next: readonly Kept[]) {
  items = [...next].sort((one, other) => one.place - other.place);
  for (const listener of listeners) listener();
}

function table(): UseStore {
  store ??= createStore(DATABASE, TABLE);
  return store;
}

/** Reads what is kept; what other tabs have changed, too. */
export async function load(): Promise<void> {
  if (!durable) return;
  try {
    show(await values<Kept>(table()));
  } catch (error) {
    durable = false;
    console.warn(`this browser keeps nothing: ${String(error)}`);
    show(items);
  }
}

/** Later than whatever was counted here before, by the clock where that goes forward. */
export function nextPlace(): number {
  lastPlace = Math.max(Date.now(), lastPlace + 1, (items.at(-1)?.place ?? 0) + 1);
  return lastPlace;
}

/**
 * Changes one observation, in one transaction: `next` is given what is kept under the key, and answers
 * what is to be, `null` for nothing at all, or `undefined` to leave it. Answers what is kept then.
 */
export async function change(
  key: string,
  next: (before: Kept | undefined) => Kept | null | undefined,
): Promise<Kept | undefined> {
  let after: Kept | undefined;
  if (durable) {
    try {
      after = await changeInTable(key, next);
    } catch (error) {
      durable = false;
      console.warn(`this browser keeps nothing: ${String(error)}`);
      after = changed(items.find((it) => it.key === key), next);
    }
  } else {
    after = changed(items.find((it) => it.key === key), next);
  }
  const others = items.filter((it) => it.key !== key);
  show(after === undefined ? others : [...others, after]);
  channel?.postMessage("changed");
  return after;
}

function changed(before: Kept | undefined, next: (before: Kept | undefined) => Kept | null | undefined) {
  const after = next(before);
  return after === undefined ? before : (after ?? undefined);
}

function changeInTable(
  key: string,
  next: (before: Kept | undefined) => Kept | null | undefined,
): Promise<Kept | undefined> {
  return table()("readwrite", (rows) => {
    return new Promise<Kept | undefined>((resolve, reject) => {
      const { transaction } = rows;
      let after: Kept | undefined;
      const read = rows.get(key) as IDBRequest<Kept | undefined>;
      read.onsuccess = () => {
        const before = read.result;
        after = changed(before, next);
        if (after === undefined) rows.delete(key);
        else if (after !== before) rows.put(after, key);
      };
      // It is kept once the transaction has ended, and not before.
      transaction.oncomplete = () => resolve(after);
      transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
      transaction.onerror = () => reject(transaction.error ?? new Error("the transaction failed"));
    });
  });
}

/** Forgets what is kept under these keys. */
export async function forget(keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  if (durable) await delMany([...keys], table()).catch(() => undefined);
  show(items.filter((it) => !keys.includes(it.key)));
  channel?.postMessage("changed");
}
