/**
 * Sends what was counted, in order, as soon as there is a network, and again until the server has
 * answered. One tab of a browser sends at a time where browsers have locks; where they have not, the
 * keys have everything recorded once all the same.
 */
import { ApiError, isRetryable, NetworkError } from "../../api/errors";
import { queryClient } from "../../api/query-client";
import { request } from "../../api/request";
import { onTokenChange, token } from "../../session/token";
import { COUNT_RECORD } from "../count-queries";
import { change, forget, keptItems, load, onKept, type Kept } from "./kept";
import { isWaiting } from "./kept-item";
import { owner } from "./owner";
import { settleVersions } from "./versions";

export interface Sending {
  busy: boolean;
  /** Why the last attempt has failed; undefined once one has not. */
  error: unknown;
}

/** The API takes 250 lines; fewer are answered sooner over a weak network. */
const LINES_MAX = 100;
/** Units that are scanned one by one are one observation while no more time lies between them. */
const SETTLE_MS = 4_000;
const ANSWER_MS_MAX = 20_000;
/** To read all SKUs of a stocktake, and look up the past of some. */
const VERSIONS_MS_MAX = 60_000;
const PAUSE_MS_MAX = 30_000;
const LOCK = "stockflow-counting";

let sending: Sending = { busy: false, error: undefined };
let users = 0;
let failures = 0;
let notBefore = 0;
/** The last failure was none that time mends. */
let blocked = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** For `useSyncExternalStore`. */
export function sendingState(): Sending {
  return sending;
}

export function onSending(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: Sending) {
  sending = next;
  for (const listener of listeners) listener();
}

/** Sends while any view wants it; answers how to stop. */
export function keepSending(): () => void {
  users += 1;
  if (users === 1) void load().then(plan);
  return () => {
    users -= 1;
  };
}

/** Tries now, whatever has failed before. */
export function sendNow() {
  notBefore = 0;
  blocked = false;
  plan();
}

addEventListener("online", sendNow);
addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && !blocked) sendNow();
});
onTokenChange(sendNow);
onKept(plan);

/** When an observation may be sent; undefined for one that is answered, or another's. */
function dueAt(item: Kept): number | undefined {
  if (item.owner !== owner()) return undefined;
  if (item.state === "waiting") return 0;
  if (item.state !== "open") return undefined;
  const settled = Date.parse(item.countedAt) + SETTLE_MS;
  // The clock has been set back since.
  return settled > Date.now() + 2 * SETTLE_MS ? 0 : settled;
}

/** Sets the clock for whatever is to be sent next. */
function plan() {
  clearTimeout(timer);
  if (users === 0 || sending.busy || blocked) return;
  const due = keptItems().map(dueAt).filter((at) => at !== undefined);
  if (due.length === 0) return;
  const at = Math.max(Math.min(...due), notBefore);
  timer = setTimeout(() => void run(), Math.max(at - Date.now(), 0));
}

async function run() {
  if (sending.busy) return;
  become({ ...sending, busy: true });
  const bearer = token();
  try {
    if ("locks" in navigator) await navigator.locks.request(LOCK, pass);
    else await pass();
    failures = 0;
    become({ busy: false, error: undefined });
  } catch (error) {
    failures += 1;
    // What one token is refused, the next may do.
    blocked = !isRetryable(error) && token() === bearer;
    const asked = error instanceof ApiError ? error.retryAfterMs : undefined;
    notBefore = Date.now() + (asked ?? Math.min(500 * 2 ** failures, PAUSE_MS_MAX));
    become({ busy: false, error });
  }
  plan();
}

async function pass() {
  // Another tab may have sent some of it.
  await load();
  const sent = new Set<string>();
  for (;;) {
    const due = keptItems().filter((item) => (dueAt(item) ?? Number.POSITIVE_INFINITY) <= Date.now());
    const [first] = due;
    if (first === undefined) break;
    const lines = due.filter((item) => item.countId === first.countId).slice(0, LINES_MAX);
    await sendLines(first.countId, lines);
    sent.add(first.countId);
  }
  for (const countId of sent) {
    void queryClient.invalidateQueries({ queryKey: ["count", countId] });
    await forget(outdated(countId));
  }
}

async function sendLines(countId: string, items: readonly Kept[]) {
  try {
    await settleVersions(countId, items, AbortSignal.timeout(VERSIONS_MS_MAX));
    const lines: Kept[] = [];
    for (const { key } of items) {
      const line = await change(key, (it) =>
        it !== undefined && isWaiting(it) && it.owner === owner()
          ? { ...it, state: "waiting", attempted: true }
          : undefined,
      );
      if (line?.state === "waiting") lines.push(line);
    }
    // Somebody else may have entered a token meanwhile.
    if (lines.some((line) => line.owner !== owner())) return;
    if (lines.length > 0) await record(countId, lines);
  } catch (error) {
    if (error instanceof DOMException) throw new NetworkError(`no answer has come: ${error.message}`);
    throw error;
  }
}

async function record(countId: string, lines: readonly Kept[]): Promise<void> {
  const input = {
    countId,
    lines: lines.map(({ skuId, quantity, version, countedAt, key }) => ({
      skuId,
      quantity,
      version,
      countedAt,
      idempotencyKey: key,
    })),
  };
  const signal = AbortSignal.timeout(ANSWER_MS_MAX);
  const { inventoryCountRecord } = await request(COUNT_RECORD, { input }, { signal });
  const { userErrors } = inventoryCountRecord;
  if (userErrors.length === 0) {
    for (const { key } of lines) await settle(key, { state: "recorded" });
    return;
  }
  const atFault = userErrors.map((error) => ({ error, line: lineOf(error.field, lines) }));
  if (atFault.every(({ line }) => line !== undefined)) {
    // The others are recorded without them, by the next request.
    for (const { error, line } of atFault) {
      const { code, message } = error;
      if (line !== undefined) await settle(line.key, { state: "refused", refusal: { code, message } });
    }
    return;
  }
  // It is the stocktake that takes no more. What it has taken before is answered by itself alone.
  const [only] = lines;
  const [first] = userErrors;
  if (lines.length === 1 && only !== undefined && first !== undefined) {
    const { code, message } = first;
    await settle(only.key, { state: "refused", refusal: { code, message } });
    return;
  }
  for (const line of lines) await record(countId, [line]);
}

function lineOf(field: readonly string[] | null | undefined, lines: readonly Kept[]) {
  return field?.[1] === "lines" ? lines[Number(field[2])] : undefined;
}

async function settle(key: string, answer: Pick<Kept, "state" | "refusal">) {
  await change(key, (it) => (it === undefined ? undefined : { ...it, ...answer }));
}

/** Of each SKU the last two are wanted: what it is, and what it was before. */
function outdated(countId: string): string[] {
  const seen = new Map<string, number>();
  const keys: string[] = [];
  for (const item of [...keptItems()].reverse()) {
    if (item.countId !== countId || item.owner !== owner() || item.state !== "recorded") continue;
    const before = seen.get(item.skuId) ?? 0;
    if (before >= 2) keys.push(item.key);
    seen.set(item.skuId, before + 1);
  }
  return keys;
}
