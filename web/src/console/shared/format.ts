/** Numbers and times as the visitor reads them. */
import { language } from "../i18n";

/** A whole number of units; texts are numbers that may not fit into one of JavaScript's. */
export function quantity(value: number | string): string {
  return new Intl.NumberFormat(language()).format(
    typeof value === "string" ? BigInt(value) : value,
  );
}

/** A change of an amount, with its sign. */
export function change(value: number | string): string {
  return new Intl.NumberFormat(language(), { signDisplay: "exceptZero" }).format(
    typeof value === "string" ? BigInt(value) : value,
  );
}

/** An instant in the visitor's own time zone. */
export function localTime(at: string | Date): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "medium" }).format(
    new Date(at),
  );
}

/** The same instant for everybody, as it is on the books. */
export function utcTime(at: string | Date): string {
  return typeof at === "string" ? at.replace("T", " ").replace("Z", " UTC") : at.toISOString();
}

/** The visitor's own time zone, by its name in the tz database. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
