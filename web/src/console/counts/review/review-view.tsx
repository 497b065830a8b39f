/** What a stocktake comes to, as it is looked through before it is completed, and as it was written. */
import "./review.css";

import { useCallback, useState } from "react";

import { useText } from "../../i18n";
import { MoreButton } from "../../shared/more-button";
import { useSearchState } from "../../shared/search-state";
import { Empty, Failure, Loading, Outdated } from "../../shared/states";
import type { CountHead } from "../counting/places";
import { useCountLines, useCountSummary } from "../use-count";
import { AbandonDialog } from "./abandon-dialog";
import { CompleteDialog } from "./complete-dialog";
import { LinesTable } from "./lines-table";
import { ObservationsDialog } from "./observations-dialog";
import { Summary } from "./summary";

const KINDS = ["VARIANCE", "STALE", "MISSING", "COUNTED"] as const;
/** What cannot be told of a blind count, and of one that has ended. */
const EXPECTED: readonly string[] = ["VARIANCE", "STALE"];

export function ReviewView({ head }: { head: CountHead }) {
  const { t } = useText();
  const { get, set } = useSearchState();
  const [dialog, setDialog] = useState<"complete" | "abandon">();
  const only = KINDS.find((it) => it === get("only"));
  const seen = get("seen");
  const lines = useCountLines(head.id, head.revision, only);
  const onObservations = useCallback((skuId: string) => set({ seen: skuId }), [set]);
  const total = useCountSummary(head.id, head.revision);
  const summary = total.data;
  const hidden = summary != null && summary.varianceCount == null;
  const kinds = KINDS.filter(
    (it) => (!hidden || !EXPECTED.includes(it)) && (head.status === "OPEN" || it !== "STALE"),
  );
  const close = () => setDialog(undefined);
  return (
    <>
      {summary == null ? <div className="tiles tiles-none" /> : <Summary head={head} summary={summary} />}
      <div className="review-bar">
        <fieldset>
          <legend className="visually-hidden">{t("counts:show")}</legend>
          <div className="segments">
            {[undefined, ...kinds].map((kind) => (
              <label key={kind ?? "all"}>
                <input
                  type="radio"
                  name="only"
                  checked={only === kind}
                  onChange={() => set({ only: kind ?? "" })}
                />
                <span>{kind === undefined ? t("field.all") : t(`counts:kind.${kind}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        {head.status === "OPEN" && (
          <div className="actions">
            <button type="button" onClick={() => setDialog("abandon")}>
              {t("counts:abandon")}
            </button>
            <button type="button" className="primary" onClick={() => setDialog("complete")}>
              {t("counts:complete")}
            </button>
          </div>
        )}
      </div>
      {lines.isPending || total.isPending ? (
        <Loading lines={10} />
      ) : summary === undefined ? (
        <Failure error={total.error} onRetry={() => void total.refetch()} />
      ) : lines.isError && lines.lines.length === 0 ? (
        <Failure error={lines.error} onRetry={() => void lines.refetch()} />
      ) : lines.lines.length === 0 ? (
        <Empty title={t("counts:linesNone")} help={t("counts:linesNoneHelp")} />
      ) : (
        <>
          <Outdated query={lines.isError ? lines : total} />
          <LinesTable head={head} hidden={hidden} lines={lines.lines} onObservations={onObservations} />
        </>
      )}
      <MoreButton pages={lines} />
      {seen !== "" && (
        <ObservationsDialog countId={head.id} skuId={seen} onClose={() => set({ seen: "" })} />
      )}
      {dialog === "complete" && <CompleteDialog countId={head.id} onClose={close} />}
      {dialog === "abandon" && <AbandonDialog head={head} onClose={close} />}
    </>
  );
}
