/**
 * The table of what was counted, in IndexedDB, which outlives the tab. A browser may close it at any
 * time, or have no more room; each use opens it anew once before it fails.
 */
import { createStore, type UseStore } from "idb-keyval";

import { changed, type Kept, type Next } from "./kept-item";

/** The shell looks for it, to tell whether anything was ever counted here (shell/waiting-badge.tsx). */
export const DATABASE = "stockflow-counting";
const TABLE = "observations";

let store: UseStore | undefined;

async function attempt<Result>(act: (table: UseStore) => Promise<Result>): Promise<Result> {
  store ??= createStore(DATABASE, TABLE);
  try {
    return await act(store);
  } catch {
    store = createStore(DATABASE, TABLE);
    return act(store);
  }
}

/** All rows. */
export function readRows(): Promise<Kept[]> {
  return attempt((table) =>
    table(
      "readonly",
      (rows) =>
        new Promise<Kept[]>((resolve, reject) => {
          const read = rows.getAll() as IDBRequest<Kept[]>;
          read.onsuccess = () => resolve(read.result);
          read.onerror = () => reject(read.error ?? new Error("the rows cannot be read"));
        }),
    ),
  );
}

/** Changes rows in one transaction, each by its own rule; answers what is kept then. */
export function changeRows(changes: ReadonlyMap<string, Next>): Promise<Map<string, Kept | undefined>> {
  return attempt((table) => table("readwrite", (rows) => changeIn(rows, changes)));
}

function changeIn(rows: IDBObjectStore, changes: ReadonlyMap<string, Next>) {
  return new Promise<Map<string, Kept | undefined>>((resolve, reject) => {
    const { transaction } = rows;
    const kept = new Map<string, Kept | undefined>();
    for (const [key, next] of changes) {
      const read = rows.get(key) as IDBRequest<Kept | undefined>;
      read.onsuccess = () => {
        const before = read.result;
        const after = changed(before, next);
        kept.set(key, after);
        if (after === undefined) rows.delete(key);
        else if (after !== before) rows.put(after, key);
      };
    }
    // It is kept once the transaction has ended, and not before.
    transaction.oncomplete = () => resolve(kept);
    transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
    transaction.onerror = () => reject(transaction.error ?? new Error("the transaction failed"));
  });
}
