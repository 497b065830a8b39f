import { useText } from "../i18n";
import { quantity } from "../shared/format";
import type { History, Point } from "./history";

/** What the chart comes to, for those who do not see it and those who have no time to. */
export function Summary({ history, points }: { history: History; points: Point[] }) {
  const { t } = useText();
  const last = points.at(-1);
  if (last === undefined) return <p className="sku-summary faint">{t("sku:summaryNone")}</p>;
  const said = {
    entries: quantity(history.entryCount),
    opening: quantity(history.opening),
    closing: quantity(last.amount),
  };
  if (history.grain !== "ENTRY") {
    return (
      <p className="sku-summary">
        {t("sku:summarySums", said)} <span className="faint">{t(`sku:grain.${history.grain}`)}</span>
      </p>
    );
  }
  const amounts = points.map((it) => it.amount);
  const least = amounts.reduce((one, other) => Math.min(one, other));
  const most = amounts.reduce((one, other) => Math.max(one, other));
  return (
    <p className="sku-summary">
      {t("sku:summary", { ...said, least: quantity(least), most: quantity(most) })}
    </p>
  );
}
