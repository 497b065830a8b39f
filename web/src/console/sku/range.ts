/** Which time is looked at: as the address has it, and as instants. */
export const PRESETS = ["today", "7d", "30d", "all"] as const;
export type Preset = (typeof PRESETS)[number];

const DAY_MS = 86_400_000;
const DEFAULT: Preset = "30d";
/** No shorter time is shown: there is nothing between two seconds of an axis. */
const SHORTEST_MS = 10_000;

/** A range that was chosen by name goes on to the present; one that was given by instants may end. */
export type RangeChoice =
  | { preset: Preset; from?: undefined; to?: undefined }
  | { preset?: undefined; from: number; to: number | undefined };

export interface Span {
  from: number;
  to: number;
}

/** The range in an address; what is not understood there is left out. */
export function rangeOf(get: (name: string) => string): RangeChoice {
  const from = instantOf(get("from"));
  const to = instantOf(get("to"));
  if (from !== undefined && (to === undefined || to > from)) return { from, to };
  return { preset: PRESETS.find((it) => it === get("range")) ?? DEFAULT };
}

/** What the address says of a range. */
export function rangeState(range: RangeChoice): Record<string, string> {
  if (range.preset !== undefined) {
    return { range: range.preset === DEFAULT ? "" : range.preset, from: "", to: "" };
  }
  return { range: "", from: iso(range.from), to: range.to === undefined ? "" : iso(range.to) };
}

/** A span in the address, under two names; undefined where there is none. */
export function spanOf(get: (name: string) => string, from: string, to: string): Span | undefined {
  const span = { from: instantOf(get(from)), to: instantOf(get(to)) };
  if (span.from === undefined || span.to === undefined || span.to <= span.from) return undefined;
  return { from: span.from, to: span.to };
}

/** Where a range begins and ends. `open` tells that it goes on as time does. */
export function instantsOf(range: RangeChoice, created: number, now: number): Span & { open: boolean } {
  if (range.preset === undefined) {
    const to = range.to === undefined || range.to >= now ? undefined : range.to;
    return { from: Math.min(range.from, now - SHORTEST_MS), to: to ?? now, open: to === undefined };
  }
  const wanted = {
    today: () => new Date(now).setHours(0, 0, 0, 0),
    "7d": () => now - 7 * DAY_MS,
    "30d": () => now - 30 * DAY_MS,
    all: () => created,
  }[range.preset]();
  // Before the SKU was on the books there is nothing to see; its first entry is in the range.
  const from = Math.max(wanted, created - 1);
  return { from: Math.min(from, now - SHORTEST_MS), to: now, open: true };
}

/** The span, as many times as wide, about its middle; it goes no further than the present. */
export function zoomed({ from, to }: Span, times: number, now: number): Span {
  const width = Math.max((to - from) * times, SHORTEST_MS);
  const end = Math.min((from + to) / 2 + width / 2, Math.max(now, to));
  return { from: Math.round(end - width), to: Math.round(end) };
}

export function iso(at: number): string {
  return new Date(Math.round(at)).toISOString();
}

function instantOf(text: string): number | undefined {
  const at = text === "" ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
