/**
 * What was counted on this device, kept from the moment it is entered until the server has answered and
 * beyond, for as long as its stocktake is open. It is in IndexedDB, which outlives the tab, and in
 * memory besides, which is what is shown. Every change is a transaction on one observation, so that two
 * tabs of a browser cannot undo each other's. What could not be written there is written with the next
 * change that can.
 */
import { changed, isWaiting, type Kept, type Next } from "./kept-item";
import { changeRows, DATABASE, readRows } from "./kept-table";
import { owner } from "./owner";

export type { Kept } from "./kept-item";

let durable = true;
let items: readonly Kept[] = [];
/** What is in memory only: what is to be under these keys, or null for nothing. */
const unwritten = new Map<string, Kept | null>();
let lastPlace = 0;
/** Reads and writes follow each other, so that what is owed is not written over what came later. */
let turn: Promise<unknown> = Promise.resolve();
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

/** Asks the browser not to throw it away where it runs out of room. */
export function askToKeep() {
  void navigator.storage?.persist?.().catch(() => undefined);
}

function show(next: readonly Kept[]) {
  items = [...next].sort((one, other) => one.place - other.place);
  for (const listener of listeners) listener();
}

function failed(error: unknown) {
  if (durable) console.warn(`this browser keeps nothing: ${String(error)}`);
  durable = false;
}

function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
  const done = turn.then(act);
  turn = done.catch(() => undefined);
  return done;
}

/** Reads what is kept; what other tabs have changed, too. */
export function load(): Promise<void> {
  return inTurn(loadNow);
}

async function loadNow(): Promise<void> {
  try {
    if (unwritten.size > 0) await write(new Map());
    const rows = new Map((await readRows()).map((row) => [row.key, row]));
    for (const [key, item] of unwritten) {
      if (item === null) rows.delete(key);
      else rows.set(key, item);
    }
    durable = unwritten.size === 0;
    show([...rows.values()]);
  } catch (error) {
    failed(error);
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
export async function change(key: string, next: Next): Promise<Kept | undefined> {
  const kept = await changeAll(new Map([[key, next]]));
  return kept.get(key);
}

/** Forgets what is kept under these keys. */
export async function forget(keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await changeAll(new Map(keys.map((key) => [key, () => null])));
}

/**
 * Makes these observations the present visitor's, on their word. The keys stay, so that one which the
 * server has under another name of the same caller is not recorded twice.
 */
export async function adopt(keys: readonly string[]): Promise<void> {
  const mine: Next = (it) => (it === undefined ? undefined : { ...it, owner: owner() });
  if (keys.length > 0) await changeAll(new Map(keys.map((key) => [key, mine])));
}

function changeAll(changes: ReadonlyMap<string, Next>): Promise<Map<string, Kept | undefined>> {
  return inTurn(() => changeNow(changes));
}

async function changeNow(changes: ReadonlyMap<string, Next>): Promise<Map<string, Kept | undefined>> {
  let kept: Map<string, Kept | undefined>;
  try {
    kept = await write(changes);
    durable = true;
  } catch (error) {
    failed(error);
    kept = new Map();
    for (const [key, next] of changes) {
      const after = changed(items.find((it) => it.key === key), next);
      kept.set(key, after);
      unwritten.set(key, after ?? null);
    }
  }
  const rest = items.filter((it) => !kept.has(it.key));
  show([...rest, ...[...kept.values()].filter((it) => it !== undefined)]);
  channel?.postMessage("changed");
  return kept;
}

/** Writes changes, with whatever could not be written before them. */
async function write(changes: ReadonlyMap<string, Next>) {
  const owed = new Map(unwritten);
  const all = new Map<string, Next>();
  for (const [key, item] of owed) all.set(key, (row) => reconciled(row, item));
  for (const [key, next] of changes) {
    const item = owed.get(key);
    all.set(key, item === undefined ? next : (row) => after(reconciled(row, item), row, next));
  }
  const kept = await changeRows(all);
  // What was changed in memory meanwhile is owed still.
  for (const [key, item] of owed) if (unwritten.get(key) === item) unwritten.delete(key);
  return kept;
}

/** What another tab has an answer to, or has sent, stays as it is. */
function reconciled(row: Kept | undefined, item: Kept | null): Kept | null {
  if (row !== undefined && !isWaiting(row)) return row;
  return item ?? (row?.attempted === true ? row : null);
}

function after(owed: Kept | null, row: Kept | undefined, next: Next): Kept | null | undefined {
  const then = next(owed ?? undefined);
  if (then !== undefined) return then;
  return owed === row ? undefined : owed;
}
