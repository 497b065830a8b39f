import { useText } from "../i18n";
import { quantity } from "../shared/format";
import type { History, Point } from "./history";

/** What the chart comes to, for those who do not see it and those who have no time to. */
export function Summary({ history, points }: { history: History; points: Point[] }) {
  const { t } = useText();
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) {
    return <p className="sku-summary faint">{t("sku:summaryNone")}</p>;
  }
  const amounts = points.map((it) => it.amount);
  const least = amounts.reduce((one, other) => Math.min(one, other));
  const most = amounts.reduce((one, other) => Math.max(one, other));
  return (
    <p className="sku-summary">
      {t("sku:summary", {
        entries: quantity(history.entryCount),
        // The first entry of all is from nothing.
        opening: quantity(first.entry?.quantityBefore ?? first.amount),
        closing: quantity(last.amount),
        least: quantity(least),
        most: quantity(most),
      })}{" "}
      {history.grain !== "ENTRY" && <span className="faint">{t(`sku:grain.${history.grain}`)}</span>}
    </p>
  );
}
