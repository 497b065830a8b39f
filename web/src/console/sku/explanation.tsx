/**
 * What explains the amount: the causes between two instants, which the visitor drags on the chart or
 * types; of the range that the chart shows otherwise. That is read by itself only where the entries are
 * few, because the server reads every one of them.
 */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { request } from "../api/request";
import { useText } from "../i18n";
import { change, quantity } from "../shared/format";
import { InstantField } from "../shared/instant-field";
import { useSearchState } from "../shared/search-state";
import { Failure, Loading, Outdated } from "../shared/states";
import { Time } from "../shared/time";
import { Causes } from "./causes";
import "./explanation.css";
import { EXPLAIN } from "./explain-queries";
import type { History } from "./history";
import { iso, rangeOf, spanOf } from "./range";
import type { Stock } from "./use-sku";

interface ExplanationProps {
  stock: Stock;
  history: History | undefined;
}

export function Explanation({ stock, history }: ExplanationProps) {
  const { t } = useText();
  const { get, set } = useSearchState();
  const [wanted, setWanted] = useState<{ of: string; from: number }>();
  const chosen = spanOf(get, "explainFrom", "explainTo");
  const span = chosen ?? history;
  const mark = (from: number, to: number) => set({ explainFrom: iso(from), explainTo: iso(to) });
  // A range that goes on moves at each sale; what was asked for of it stays.
  const of = JSON.stringify(rangeOf(get));
  const few = chosen !== undefined || history?.grain === "ENTRY";
  const from = few ? span?.from : wanted?.of === of ? wanted.from : undefined;
  return (
    <section className="card" aria-labelledby="explained">
      <header className="sku-section">
        <h2 id="explained">{t("sku:explain")}</h2>
      </header>
      <div className="sku-range">
        <InstantField
          label={t("field.from")}
          value={span?.from}
          onChange={(from) => span !== undefined && mark(from, Math.max(span.to, from + 1_000))}
        />
        <InstantField
          label={t("field.to")}
          value={span?.to}
          onChange={(to) => span !== undefined && mark(Math.min(span.from, to - 1_000), to)}
        />
        {chosen !== undefined && (
          <button type="button" onClick={() => set({ explainFrom: "", explainTo: "" })}>
            {t("sku:explainShown")}
          </button>
        )}
      </div>
      {chosen === undefined && <p className="hint">{t("sku:explainHint")}</p>}
      {span === undefined ? (
        <Loading lines={6} />
      ) : from !== undefined ? (
        <Explained
          stock={stock}
          from={from}
          to={chosen === undefined && history?.open === true ? undefined : span.to}
        />
      ) : (
        <button type="button" onClick={() => setWanted({ of, from: span.from })}>
          {t("sku:explainMany", { entries: quantity(history?.entryCount ?? 0) })}
        </button>
      )}
    </section>
  );
}

function Explained({ stock, from, to }: { stock: Stock; from: number; to: number | undefined }) {
  const { t } = useText();
  const { skuId } = stock;
  const ends = { from: { at: iso(from) }, to: to === undefined || to >= Date.now() ? null : { at: iso(to) } };
  const asked = useQuery({
    queryKey: ["sku-explain", skuId, from, to ?? "open"],
    queryFn: ({ signal }) => request(EXPLAIN, { skuId, ...ends }, { signal }),
    placeholderData: (before) => before,
  });
  if (asked.isPending) return <Loading lines={6} />;
  if (asked.data === undefined) return <Failure error={asked.error} onRetry={() => void asked.refetch()} />;
  const it = asked.data.inventoryExplain;
  if (it === null) return null;
  const since = to === undefined ? BigInt(stock.version) - BigInt(it.closing.sequence) : 0n;
  return (
    <div className="sku-explained" aria-busy={asked.isPlaceholderData}>
      <Outdated query={asked} />
      <dl className="sku-ends">
        <div>
          <dt>{t("sku:opening")}</dt>
          <dd>
            <strong>{quantity(it.opening.quantity)}</strong>
            {it.opening.at !== null && <Time at={it.opening.at} />}
          </dd>
        </div>
        <div>
          <dt>{t("sku:changeBetween")}</dt>
          <dd>
            <strong>{change(String(-BigInt(it.net)))}</strong>
            <span className="faint">
              {t("sku:entriesCount", { count: Number(it.entryCount), entries: quantity(it.entryCount) })}
            </span>
          </dd>
        </div>
        <div>
          <dt>{t("sku:closing")}</dt>
          <dd>
            <strong>{quantity(it.closing.quantity)}</strong>
            {it.closing.at !== null && <Time at={it.closing.at} />}
          </dd>
        </div>
      </dl>
      {!it.agrees && <p className="errors">{t("sku:disagrees")}</p>}
      {since > 0n && (
        <p className="faint">
          {t("sku:explainSince", { entries: quantity(String(since)) })}{" "}
          <button type="button" onClick={() => void asked.refetch()}>
            {t("sku:explainAgain")}
          </button>
        </p>
      )}
      {it.causes.length === 0 ? (
        <p className="faint">{t("sku:causesNone")}</p>
      ) : (
        <Causes skuId={skuId} causes={it.causes} ends={ends} />
      )}
    </div>
  );
}
