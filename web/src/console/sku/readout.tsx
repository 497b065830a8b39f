/** What the pointer, or the keyboard, is at: a line beneath each chart, where it hides nothing. */
import { useText } from "../i18n";
import { ForeignText } from "../shared/foreign-text";
import { change, localTime, quantity } from "../shared/format";
import { KindBadge } from "../shared/kind-badge";
import { Time } from "../shared/time";
import type { History, Period, Point } from "./history";
import type { RefusedGroup } from "./refused";

export function PointText({ point, history }: { point: Point | undefined; history: History }) {
  const { t } = useText();
  const words = usePointWords(history);
  const entry = point?.entry;
  return (
    <p className="sku-readout" data-readout="amount">
      {entry !== undefined ? (
        <>
          <KindBadge kind={entry.kind} />
          <strong>{change(-entry.quantityTrade)}</strong>
          <span>
            {quantity(entry.quantityBefore)} → {quantity(entry.quantityAfter)}
          </span>
          <Time at={entry.createdAt} />
          <ForeignText text={entry.actor} />
          {entry.orderDetailId !== null && <ForeignText text={entry.orderDetailId} />}
          {entry.reason !== null && <ForeignText text={entry.reason} />}
        </>
      ) : point !== undefined ? (
        <span>{words(point)}</span>
      ) : (
        <span className="faint">{t(history.grain === "ENTRY" ? "sku:chartHint" : "sku:chartHintSums")}</span>
      )}
    </p>
  );
}

export function RefusedText({ group, groups }: { group: RefusedGroup | undefined; groups: RefusedGroup[] }) {
  const { t } = useText();
  const words = useRefusedWords();
  const missing = groups.reduce((sum, it) => sum + BigInt(it.unitsMissing), 0n);
  const refusals = groups.reduce((sum, it) => sum + BigInt(it.refusalCount), 0n);
  return (
    <p className="sku-readout" data-readout="refused">
      {group !== undefined ? (
        <span>{words(group)}</span>
      ) : (
        <span className="faint">
          {t("sku:refusedAll", { refusals: quantity(String(refusals)), missing: quantity(String(missing)) })}
        </span>
      )}
    </p>
  );
}

/** A point in words. */
export function usePointWords(history: History): (point: Point | undefined) => string {
  const { t } = useText();
  return (point) => {
    if (point === undefined) return "";
    const { entry, period, amount, at } = point;
    if (entry !== undefined) {
      return [
        t(`kind.${entry.kind}`),
        change(-entry.quantityTrade),
        `${quantity(entry.quantityBefore)} → ${quantity(entry.quantityAfter)}`,
        localTime(entry.createdAt),
        entry.actor,
        entry.reason ?? "",
      ]
        .filter((it) => it !== "")
        .join(", ");
    }
    if (period !== undefined) return t("sku:periodWords", periodWords(period, amount));
    const key = at <= history.from ? "sku:beginsWith" : "sku:endsWith";
    return t(key, { amount: quantity(amount), at: localTime(new Date(at)) });
  };
}

function periodWords(period: Period, amount: number) {
  return {
    amount: quantity(amount),
    from: localTime(period.periodStart ?? ""),
    to: localTime(period.periodEnd ?? ""),
    entries: quantity(period.entryCount),
    out: quantity(period.unitsOut),
    in: quantity(period.unitsIn),
  };
}

export function useRefusedWords(): (group: RefusedGroup | undefined) => string {
  const { t } = useText();
  return (group) =>
    group === undefined
      ? ""
      : t("sku:refusedWords", {
          refusals: quantity(group.refusalCount),
          requested: quantity(group.unitsRequested),
          missing: quantity(group.unitsMissing),
          from: localTime(group.periodStart ?? ""),
          to: localTime(group.periodEnd ?? ""),
        });
}
