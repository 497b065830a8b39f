/**
 * The changes that were sent and have no answer yet. Each is kept with its key, outside of the dialog
 * that sent it and over a reload of the page, so that whoever tries again asks for the same change, and
 * whoever asks for another is told of the first.
 */
import { newIdempotencyKey } from "../api/idempotency-key";

export interface Attempt {
  /** What was asked for, as JSON. */
  input: string;
  idempotencyKey: string;
}

const KEY = "stockflow:console:unsettled";
const attempts = new Map<string, Attempt>(read());

/** The change of one thing, as of a SKU's amount, that has no answer. */
export function unsettled(thing: string): Attempt | undefined {
  return attempts.get(thing);
}

/** Under which key it is sent: that of the attempt before where the same is asked for. */
export function attempt(thing: string, input: string): Attempt {
  const before = attempts.get(thing);
  if (before?.input === input) return before;
  const begun = { input, idempotencyKey: newIdempotencyKey() };
  attempts.set(thing, begun);
  keep();
  return begun;
}

/** It is known what has become of it. Another that was begun since is left. */
export function settle(thing: string, { idempotencyKey }: Attempt) {
  if (attempts.get(thing)?.idempotencyKey !== idempotencyKey) return;
  attempts.delete(thing);
  keep();
}

function keep() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...attempts]));
  } catch {
    // No storage: they are kept until the page is left.
  }
}

function read(): [string, Attempt][] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as [string, Attempt][];
  } catch {
    return [];
  }
}
