/** Spans of time as an address has them, and as the API is asked for them: from included, to not. */

export const PRESETS = ["today", "7d", "30d", "all"] as const;
export type Preset = (typeof PRESETS)[number];

/** A span that moves with the days, or one between two instants, either of which may be open. */
export type TimeSpan = { preset: Preset } | { preset: "custom"; from: string; to: string };

const DAYS_BACK = { today: 0, "7d": 6, "30d": 29 } as const;

/** The span in an address. What is not understood there is left out. */
export function timeSpanOf(get: (name: string) => string, otherwise: Preset): TimeSpan {
  const [from, to] = [instant(get("from")), instant(get("to"))];
  if (from !== "" || to !== "") return { preset: "custom", from, to };
  return { preset: PRESETS.find((it) => it === get("range")) ?? otherwise };
}

/** What to put into the address for a span. */
export function timeSpanParameters(span: TimeSpan, otherwise: Preset): Record<string, string> {
  if (span.preset === "custom") return { range: "", from: span.from, to: span.to };
  return { range: span.preset === otherwise ? "" : span.preset, from: "", to: "" };
}

/** Its two ends; days begin where `zone` is. The same all day long, so that it can tell questions apart. */
export function boundsOf(span: TimeSpan, zone: string): { from?: string; to?: string } {
  if (span.preset === "all") return {};
  if (span.preset !== "custom")
    return { from: startOfDay(zone, DAYS_BACK[span.preset]).toISOString() };
  return {
    ...(span.from === "" ? {} : { from: span.from }),
    ...(span.to === "" ? {} : { to: span.to }),
  };
}

/** Midnight of today, or of some days before, where the zone is. */
export function startOfDay(zone: string, daysBack: number, now = new Date()): Date {
  const today = wallClock(zone, now.getTime());
  const midnight = Math.floor(today / DAY_MS) * DAY_MS - daysBack * DAY_MS;
  let at = midnight;
  // Twice, for the first guess may lie on the other side of a change of the clocks.
  for (let round = 0; round < 2; round += 1) at = midnight - (wallClock(zone, at) - at);
  return new Date(at);
}

const DAY_MS = 86_400_000;

/** What clocks show there, as if they showed UTC. */
function wallClock(zone: string, at: number): number {
  const whole = Math.floor(at / 1_000) * 1_000;
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(whole);
  const part = (type: string) => Number(parts.find((it) => it.type === type)?.value ?? 0);
  return Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
}

function instant(text: string): string {
  if (text === "") return "";
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}
