/** What a stocktake comes to in all. */
import { useText } from "../../i18n";
import { change, quantity } from "../../shared/format";
import type { CountHead } from "../counting/places";
import type { CountSummary } from "../use-count";

export function Summary({ head, summary }: { head: CountHead; summary: CountSummary }) {
  const { t } = useText();
  const tiles: { name: string; value: string; tone?: string }[] = [
    {
      name: t("counts:sum.counted"),
      value: t("counts:sum.of", { n: quantity(summary.countedCount), of: quantity(head.skuCount) }),
    },
    {
      name: t("counts:sum.missing"),
      value: quantity(summary.missingCount),
      tone: summary.missingCount > 0 && head.status === "OPEN" ? "warn" : "",
    },
  ];
  if (summary.varianceCount != null) {
    if (head.status === "OPEN") {
      const stale = summary.staleCount ?? 0;
      tiles.push({ name: t("counts:sum.stale"), value: quantity(stale), tone: stale > 0 ? "bad" : "" });
    }
    tiles.push(
      { name: t("counts:sum.variance"), value: quantity(summary.varianceCount) },
      { name: t("counts:sum.over"), value: change(summary.unitsOver ?? "0") },
      { name: t("counts:sum.short"), value: change(negative(summary.unitsShort ?? "0")) },
    );
  }
  return (
    <>
      <dl className="tiles">
        {tiles.map(({ name, value, tone }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={tone}>{value}</dd>
          </div>
        ))}
      </dl>
      {summary.varianceCount == null && <p className="notice">{t("counts:hidden")}</p>}
    </>
  );
}

function negative(units: string): string {
  return (-BigInt(units)).toString();
}
