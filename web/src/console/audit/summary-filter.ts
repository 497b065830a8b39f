/** By what entries are added up: as an address has it. */
import type { InventoryFlowGroup } from "../api/generated/graphql";
import { timeZone } from "../shared/format";

export const PERIODS = ["HOUR", "DAY", "MONTH"] as const;
export const PARTS = ["KIND", "ACTOR", "SKU", "ORDER_DETAIL"] as const;
export type Period = (typeof PERIODS)[number];
export type Part = (typeof PARTS)[number];

export interface Grouping {
  period: Period | undefined;
  parts: Part[];
  zone: string;
}

const NONE = "none";
const PERIOD: Period = "DAY";
const PART: Part = "KIND";

/** The grouping in an address: by day and kind, and the visitor's own days, unless it says otherwise. */
export function groupingOf(get: (name: string) => string): Grouping {
  const period = get("period");
  const parts = get("by");
  const zone = get("zone");
  return {
    period: period === NONE ? undefined : (PERIODS.find((it) => it === period) ?? PERIOD),
    parts: parts === "" ? [PART] : PARTS.filter((part) => parts.split(",").includes(part)),
    zone: isZone(zone) ? zone : timeZone(),
  };
}

export function periodParameter(period: Period | undefined): string {
  return period === undefined ? NONE : period === PERIOD ? "" : period;
}

export function partsParameter(parts: Part[]): string {
  if (parts.length === 0) return NONE;
  return parts.join() === PART ? "" : parts.join();
}

export function groupByOf({ period, parts }: Grouping): InventoryFlowGroup[] {
  return period === undefined ? parts : [period, ...parts];
}

/** A period as it is called, where the zone is. */
export function periodName(start: string, period: Period, zone: string, language: string): string {
  // The present year goes without saying.
  const past = new Date(start).getFullYear() !== new Date().getFullYear();
  const day: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
  if (past) day.year = "numeric";
  const options: Record<Period, Intl.DateTimeFormatOptions> = {
    HOUR: { ...day, hour: "2-digit", minute: "2-digit" },
    DAY: { weekday: "short", ...day },
    MONTH: { month: "long", year: "numeric" },
  };
  return new Intl.DateTimeFormat(language, { ...options[period], timeZone: zone }).format(
    new Date(start),
  );
}

function isZone(zone: string): boolean {
  if (zone === "") return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
