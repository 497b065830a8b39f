/**
 * An export that is being saved. It belongs to the page and not to a view, so that it goes on while the
 * visitor looks elsewhere. A file gets its name once it is whole: what was cut off, or is not what its
 * manifest says, is thrown away, so that nobody takes a part for the whole.
 */
import { ApiError, NetworkError, type GraphqlError } from "../api/errors";
import type { InventoryFlowWhere } from "../api/generated/graphql";
import { fetched } from "../api/request";
import { onTokenChange, token } from "../session/token";
import { saveFile } from "../shared/save-file";
import { ExportCheck, type ExportFormat, type Manifest } from "./export-check";
import { exportParameters } from "./flow-filter";

/** Browsers that cannot write to a file keep it in memory until it is whole, up to so many bytes. */
export const MEMORY_BYTES_MAX = 512 * 1024 * 1024;
const TOLD_EVERY_MS = 100;

export interface ExportState {
  status:
    "idle" | "running" | "done" | "aborted" | "cutOff" | "rows" | "hash" | "tooLarge" | "failed";
  format: ExportFormat;
  bytes: number;
  rows: number;
  manifest: Manifest | undefined;
  error: unknown;
}

const NOTHING: ExportState = {
  status: "idle",
  format: "csv",
  bytes: 0,
  rows: 0,
  manifest: undefined,
  error: undefined,
};

let current = NOTHING;
let abort = new AbortController();
const listeners = new Set<() => void>();

/** For `useSyncExternalStore`. */
export function exportState(): ExportState {
  return current;
}

export function onExportState(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: Partial<ExportState>) {
  const running = current.status === "running";
  current = { ...current, ...next };
  if (running !== (current.status === "running")) {
    if (running) removeEventListener("beforeunload", warn);
    else addEventListener("beforeunload", warn);
  }
  for (const listener of listeners) listener();
}

function warn(event: Event) {
  event.preventDefault();
}

onTokenChange(() => {
  abort.abort();
  become(NOTHING);
});

/** What became of the last one has been read. */
export function forgetExport() {
  if (current.status !== "running") become(NOTHING);
}

export function abortExport() {
  abort.abort();
  if (current.status === "running") become({ status: "aborted" });
}

/** Where the bytes go; whoever ends it without `close` leaves no file. */
interface Sink {
  write: (piece: Uint8Array<ArrayBuffer>) => Promise<void>;
  close: () => Promise<void>;
  discard: () => Promise<void>;
}

interface SavePicker {
  showSaveFilePicker?: (options: {
    suggestedName: string;
  }) => Promise<{ createWritable: () => Promise<FileSystemWritableFileStream> }>;
}

/** Whether this browser writes to a file as the bytes come. */
export function writesToFiles(): boolean {
  return (window as SavePicker).showSaveFilePicker !== undefined;
}

export async function startExport(format: ExportFormat, where: InventoryFlowWhere) {
  abort.abort();
  const { signal } = (abort = new AbortController());
  let sink: Sink | undefined;
  try {
    // First of all: browsers let a page ask for a file only in answer to the visitor.
    sink = await openSink(`flows.${format}`);
    if (signal.aborted) return await sink.discard();
    become({ ...NOTHING, status: "running", format });
    const response = await ask(format, where, signal);
    const check = new ExportCheck(format);
    await copy(response, sink, check, signal);
    const verdict = check.end();
    if (!verdict.whole) {
      await sink.discard();
      become({ status: verdict.why, rows: check.rows });
      return;
    }
    await sink.close();
    become({ status: "done", rows: check.rows, manifest: verdict.manifest });
  } catch (error) {
    await sink?.discard().catch(() => undefined);
    if (signal.aborted || isDismissed(error)) return;
    if (error instanceof TooLarge) become({ status: "tooLarge" });
    else if (error instanceof ApiError || current.bytes === 0) become({ status: "failed", error });
    else become({ status: "cutOff", error });
  }
}

async function ask(format: ExportFormat, where: InventoryFlowWhere, signal: AbortSignal) {
  const bearer = token();
  const response = await fetched(`/export/flows.${format}?${exportParameters(where)}`, {
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    cache: "no-store",
    signal,
  });
  if (response.ok) return response;
  const answer = (await response.json().catch(() => ({}))) as { errors?: GraphqlError[] };
  const [first] = answer.errors ?? [];
  if (first !== undefined) throw new ApiError(first, response.status);
  throw new NetworkError(`the server answered ${response.status}`);
}

async function copy(response: Response, sink: Sink, check: ExportCheck, signal: AbortSignal) {
  const reader = response.body?.getReader();
  if (reader === undefined) throw new NetworkError("the answer has no body");
  let bytes = 0;
  let told = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    signal.throwIfAborted();
    check.add(value);
    await sink.write(value);
    bytes += value.length;
    if (performance.now() - told > TOLD_EVERY_MS) {
      told = performance.now();
      become({ bytes, rows: check.rows });
    }
  }
  signal.throwIfAborted();
  become({ bytes, rows: check.rows });
}

async function openSink(name: string): Promise<Sink> {
  const picker = (window as SavePicker).showSaveFilePicker;
  if (picker === undefined) return memorySink(name);
  const file = await picker.call(window, { suggestedName: name });
  const stream = await file.createWritable();
  return {
    write: (piece) => stream.write(piece),
    close: () => stream.close(),
    discard: () => stream.abort(),
  };
}

function memorySink(name: string): Sink {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  return {
    write: async (piece) => {
      bytes += piece.length;
      if (bytes > MEMORY_BYTES_MAX) throw new TooLarge();
      pieces.push(piece);
    },
    close: async () => saveFile(name, new Blob(pieces)),
    discard: async () => {
      pieces = [];
    },
  };
}

class TooLarge extends Error {}

/** The visitor has closed the browser's question where to save it. */
function isDismissed(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
