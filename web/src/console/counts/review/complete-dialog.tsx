/**
 * Puts a stocktake on the books, as it is shown here: what is shown and the revision that is sent are
 * of one answer, so that nothing is written which nobody has seen.
 */
import { useQuery } from "@tanstack/react-query";
import { useId, useState, useSyncExternalStore } from "react";
import { Link } from "wouter";

import type { ConsoleCountReviewQuery, InventoryCountUncounted } from "../../api/generated/graphql";
import { request } from "../../api/request";
import { useText } from "../../i18n";
import { BeforeAfter } from "../../shared/before-after";
import { Dialog } from "../../shared/dialog";
import { change as signed, quantity } from "../../shared/format";
import { Failure, Loading } from "../../shared/states";
import { toast } from "../../shared/toast";
import { useChange } from "../../shared/use-change";
import { CountErrors } from "../count-errors";
import { COUNT_COMPLETE, COUNT_REVIEW } from "../count-queries";
import { keptItems, onKept } from "../counting/kept";

const SHOWN_MAX = 8;

type Review = NonNullable<ConsoleCountReviewQuery["inventoryCount"]>;

export function CompleteDialog({ countId, onClose }: { countId: string; onClose: () => void }) {
  const { t } = useText();
  const review = useQuery({
    queryKey: ["count", countId, "review"],
    // It stays as it is while it is read, and is asked for anew each time.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async ({ signal }) =>
      (await request(COUNT_REVIEW, { id: countId }, { signal })).inventoryCount ?? null,
  });
  return (
    <Dialog open title={t("counts:completeTitle", { id: countId })} onClose={onClose}>
      {review.isPending || (review.isFetching && !review.isError) ? (
        <Loading lines={5} />
      ) : review.data == null ? (
        <Failure error={review.error} onRetry={() => void review.refetch()} />
      ) : (
        <CompleteForm
          key={review.data.revision}
          review={review.data}
          onAgain={() => void review.refetch()}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

interface CompleteFormProps {
  review: Review;
  onAgain: () => void;
  onClose: () => void;
}

function CompleteForm({ review, onAgain, onClose }: CompleteFormProps) {
  const { t } = useText();
  const { id, revision, summary } = review;
  const [uncounted, setUncounted] = useState<InventoryCountUncounted>("REFUSE");
  const items = useSyncExternalStore(onKept, keptItems);
  const waiting = items.filter((it) => it.countId === id && it.state !== "recorded").length;
  const change = useChange({
    // It needs no key: it is written once, of this revision.
    thing: `complete:${id}:${revision}:${uncounted}`,
    input: { countId: id, revision, uncounted },
    send: (input) => request(COUNT_COMPLETE, { input }),
    errorsOf: (answer) => answer.inventoryCountComplete.userErrors,
    onDone: () => {
      toast(t("counts:completed", { id }));
      onClose();
    },
  });
  const changed = change.refusals.some(({ code }) => code === "COUNT_CHANGED");
  const stale = summary.staleCount ?? 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.send();
      }}
    >
      {summary.varianceCount == null ? (
        <p>{t("counts:completeBlind", { n: quantity(summary.countedCount) })}</p>
      ) : (
        <Adjustments review={review} />
      )}
      {stale > 0 && (
        <p className="notice">
          {t("counts:completeStale", { n: quantity(stale) })}{" "}
          <Link href={`/counts/${id}?mode=review&only=STALE`} onClick={onClose}>
            {t("counts:showStale")}
          </Link>
        </p>
      )}
      {waiting > 0 && <p className="notice">{t("counts:completeWaiting", { n: waiting })}</p>}
      {summary.missingCount > 0 && (
        <Uncounted missing={summary.missingCount} value={uncounted} onChange={setUncounted} />
      )}
      <CountErrors errors={change.refusals} countId={id} />
      {change.error !== null && <Failure error={change.error} />}
      <div className="actions">
        {changed ? (
          <button type="button" className="primary" autoFocus onClick={onAgain}>
            {t("counts:lookAgain")}
          </button>
        ) : (
          <button type="submit" className="primary" disabled={change.sending}>
            {t("counts:completeConfirm")}
          </button>
        )}
        <button type="button" onClick={onClose}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}

/** What will be written: of each SKU that is wrong, and in all. */
function Adjustments({ review }: { review: Review }) {
  const { t } = useText();
  const { summary, lines } = review;
  const nodes = lines.nodes.filter((line) => line.variance != null && line.quantityAfter != null);
  const after = nodes.reduce((sum, line) => sum + (line.quantityAfter ?? 0), 0);
  const net = nodes.reduce((sum, line) => sum + (line.variance ?? 0), 0);
  const count = summary.varianceCount ?? 0;
  return (
    <>
      <p>
        {t("counts:completeHelp", {
          counted: quantity(summary.countedCount),
          variance: quantity(count),
          over: quantity(summary.unitsOver ?? "0"),
          short: quantity(summary.unitsShort ?? "0"),
        })}
      </p>
      {count > 0 && (
        <>
          {!lines.pageInfo.hasNextPage && (
            <div>
              <p className="faint">{t("counts:unitsOfThese")}</p>
              <BeforeAfter before={after - net} after={after} />
            </div>
          )}
          <ul className="adjustments" aria-label={t("counts:adjustments")}>
            {nodes.slice(0, SHOWN_MAX).map((line) => (
              <li key={line.skuId}>
                <span>{line.skuId}</span>
                <span>
                  {quantity((line.quantityAfter ?? 0) - (line.variance ?? 0))} →{" "}
                  {quantity(line.quantityAfter ?? 0)}
                </span>
                <strong>{signed(line.variance ?? 0)}</strong>
              </li>
            ))}
          </ul>
          {count > SHOWN_MAX && (
            <p className="faint">{t("counts:andMore", { n: quantity(count - SHOWN_MAX) })}</p>
          )}
        </>
      )}
    </>
  );
}

interface UncountedProps {
  missing: number;
  value: InventoryCountUncounted;
  onChange: (value: InventoryCountUncounted) => void;
}

function Uncounted({ missing, value, onChange }: UncountedProps) {
  const { t } = useText();
  const name = useId();
  return (
    <fieldset>
      <legend>{t("counts:uncounted", { n: quantity(missing) })}</legend>
      {(["REFUSE", "LEAVE"] as const).map((choice) => (
        <label key={choice} className="check">
          <input
            type="radio"
            name={name}
            checked={value === choice}
            onChange={() => onChange(choice)}
          />
          <span>{t(`counts:uncountedChoice.${choice}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
