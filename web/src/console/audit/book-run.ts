/**
 * A walk over many SKUs, step by step, that can be stopped and gone on with. It belongs to the page and
 * not to a view, so that it goes on while the visitor looks elsewhere; what one caller was shown is
 * forgotten when another one's token is used.
 */
import { ApiError, isRetryable } from "../api/errors";
import type { ConsoleFindingFragment, InventoryWhere } from "../api/generated/graphql";
import { request } from "../api/request";
import { onTokenChange } from "../session/token";
import { SKU_COUNT } from "./audit-queries";

/** So many findings are shown; others are counted. */
export const FINDINGS_SHOWN = 500;
const ATTEMPTS_MAX = 6;
const PAUSE_MS_MAX = 10_000;

export interface RunState {
  status: "idle" | "running" | "stopped" | "failed" | "done";
  /** The SKUs that it is about, as they were typed. */
  find: string;
  /** How many SKUs there are to examine, where that is known. */
  skuTotal: bigint | undefined;
  skus: bigint;
  entries: bigint;
  findingCount: bigint;
  skusWithFindings: Set<string>;
  findings: ConsoleFindingFragment[];
  /** SKUs that the server could not examine within a request. */
  passedOver: string[];
  error: unknown;
}

/** What one step has examined, and where the next begins; undefined at the end. */
export interface Step<Position> {
  next: Position | undefined;
  skus: number;
  entries: bigint;
  findingCount: bigint;
  findings: ConsoleFindingFragment[];
  passedOver?: string[];
}

const NOTHING: RunState = {
  status: "idle",
  find: "",
  skuTotal: undefined,
  skus: 0n,
  entries: 0n,
  findingCount: 0n,
  skusWithFindings: new Set(),
  findings: [],
  passedOver: [],
  error: undefined,
};

export class BookRun<Position> {
  private current = NOTHING;
  private position: Position | undefined;
  private abort = new AbortController();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly first: (where: InventoryWhere) => Position,
    private readonly step: (position: Position, signal: AbortSignal) => Promise<Step<Position>>,
  ) {
    onTokenChange(() => {
      this.abort.abort();
      this.become(NOTHING);
    });
  }

  /** For `useSyncExternalStore`. */
  readonly state = (): RunState => this.current;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly start = (find: string, where: InventoryWhere) => {
    this.abort.abort();
    this.position = this.first(where);
    this.become({ ...NOTHING, skusWithFindings: new Set(), status: "running", find });
    const { signal } = (this.abort = new AbortController());
    void this.count(where, signal);
    void this.walk(signal);
  };

  /** What is under way is not waited for; it is asked for again when the walk goes on. */
  readonly stop = () => {
    this.abort.abort();
    if (this.current.status === "running") this.become({ ...this.current, status: "stopped" });
  };

  readonly goOn = () => {
    if (this.position === undefined || this.current.status === "running") return;
    this.abort = new AbortController();
    this.become({ ...this.current, status: "running", error: undefined });
    void this.walk(this.abort.signal);
  };

  private become(next: RunState) {
    this.current = next;
    for (const listener of this.listeners) listener();
  }

  /** Without the right to see amounts nobody is told how many SKUs there are; the walk does without. */
  private async count(where: InventoryWhere, signal: AbortSignal) {
    try {
      const { inventories } = await request(SKU_COUNT, { where }, { signal });
      if (!signal.aborted)
        this.become({ ...this.current, skuTotal: BigInt(inventories.totalCount) });
    } catch {
      // Then there is no end to measure by.
    }
  }

  private async walk(signal: AbortSignal) {
    let failures = 0;
    while (this.position !== undefined) {
      try {
        const step = await this.step(this.position, signal);
        if (signal.aborted) return;
        failures = 0;
        this.position = step.next;
        this.become(withStep(this.current, step));
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        if (!isRetryable(error) || failures >= ATTEMPTS_MAX) {
          this.become({ ...this.current, status: "failed", error });
          return;
        }
        const asked = error instanceof ApiError ? error.retryAfterMs : undefined;
        await pause(asked ?? Math.min(500 * 2 ** failures, PAUSE_MS_MAX));
        if (signal.aborted) return;
      }
    }
    this.become({ ...this.current, status: "done" });
  }
}

function withStep<Position>(before: RunState, step: Step<Position>): RunState {
  const room = FINDINGS_SHOWN - before.findings.length;
  return {
    ...before,
    skus: before.skus + BigInt(step.skus),
    entries: before.entries + step.entries,
    findingCount: before.findingCount + step.findingCount,
    skusWithFindings:
      step.findings.length === 0
        ? before.skusWithFindings
        : new Set([...before.skusWithFindings, ...step.findings.map(({ skuId }) => skuId)]),
    findings:
      step.findings.length === 0 || room <= 0
        ? before.findings
        : [...before.findings, ...step.findings.slice(0, room)],
    passedOver:
      step.passedOver === undefined
        ? before.passedOver
        : [...before.passedOver, ...step.passedOver],
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
