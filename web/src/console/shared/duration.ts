import { language } from "../i18n";

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** How long something was, by its two greatest units. */
export function duration(ms: number): string {
  const first = Math.max(UNITS.findIndex(([, size]) => ms >= size), 0);
  const shown = ms < 1_000 ? UNITS.slice(-1) : UNITS.slice(first, first + 2);
  let rest = ms;
  const texts = shown.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return { count, text: new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "short" }).format(count) };
  });
  return texts.filter(({ count }, nth) => nth === 0 || count > 0).map(({ text }) => text).join(" ");
}
