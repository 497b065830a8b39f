/** A walk over the books as the visitor sees it: of which SKUs, how far it is, and what it has found. */
import { useSyncExternalStore } from "react";

import { useText } from "../i18n";
import { Figures } from "../shared/figures";
import { quantity } from "../shared/format";
import { SearchText } from "../shared/search-text";
import { useSearchState } from "../shared/search-state";
import { Failure } from "../shared/states";
import { SKUS_MAX, whereOf } from "../stock/stock-filter";
import type { BookRun, RunState } from "./book-run";
import { Findings } from "./findings";

interface RunViewProps {
  run: Pick<BookRun<never>, "state" | "subscribe" | "start" | "stop" | "goOn">;
  /** Which of the two: for the texts. */
  name: "reconciliation" | "verification";
}

export function RunView({ run, name }: RunViewProps) {
  const { t } = useText();
  const { get, set } = useSearchState();
  const state = useSyncExternalStore(run.subscribe, run.state);
  const find = get("find");
  const where = whereOf({ find, shown: "all", lowUpTo: 0, order: "SKU_ASC" });
  const fault = typeof where === "string" ? where : undefined;
  const running = state.status === "running";
  const start = () => {
    if (typeof where !== "string") run.start(find, where);
  };
  return (
    <>
      <p className="about">{t(`audit:${name}.about`)}</p>
      <search className="filters">
        <SearchText
          main
          label={t("audit:run.skus")}
          value={find}
          placeholder="1001-1999"
          hint={t("audit:run.skusHint")}
          fault={fault === undefined ? undefined : t(`stock:${fault}`, { max: SKUS_MAX })}
          onSearch={(next) => set({ find: next })}
        />
        <div className="actions beside-field">
          {running ? (
            <button type="button" onClick={run.stop}>
              {t("audit:run.stop")}
            </button>
          ) : (
            <button
              type="button"
              className={state.status === "stopped" ? undefined : "primary"}
              disabled={fault !== undefined}
              onClick={start}
            >
              {t(state.status === "idle" ? `audit:${name}.start` : "audit:run.anew")}
            </button>
          )}
          {(state.status === "stopped" || state.status === "failed") && (
            <button type="button" className="primary" onClick={run.goOn}>
              {t("audit:run.goOn")}
            </button>
          )}
        </div>
      </search>
      {state.status !== "idle" && <Progress state={state} name={name} />}
      {state.status === "failed" && <Failure error={state.error} onRetry={run.goOn} />}
      <Findings findings={state.findings} all={state.findingCount} />
    </>
  );
}

function Progress({ state, name }: { state: RunState; name: RunViewProps["name"] }) {
  const { t } = useText();
  const { skus, entries, findingCount, skuTotal, passedOver } = state;
  const examined =
    skuTotal === undefined
      ? quantity(String(skus))
      : t("audit:run.of", { done: quantity(String(skus)), all: quantity(String(skuTotal)) });
  const part =
    skuTotal === undefined || skuTotal === 0n
      ? undefined
      : Number((skus * 1000n) / skuTotal) / 1000;
  return (
    <section className="card run" aria-label={t("audit:run.progress")}>
      <Verdict state={state} name={name} />
      <progress
        aria-label={t("audit:run.progress")}
        max={1}
        {...(state.status === "done"
          ? { value: 1 }
          : part === undefined
            ? {}
            : { value: Math.min(part, 1) })}
      />
      <Figures
        figures={[
          { label: t("audit:run.examined"), value: examined },
          { label: t("audit:run.entries"), value: quantity(String(entries)) },
          {
            label: t("audit:run.findings"),
            value: quantity(String(findingCount)),
            tone: findingCount > 0n ? "bad" : "good",
          },
        ]}
      />
      <p className="faint">
        {state.find === "" ? t("audit:run.overAll") : t("audit:run.over", { find: state.find })}
      </p>
      {passedOver.length > 0 && (
        <p className="warned">{t(`audit:${name}.passedOver`, { skus: passedOver.join(", ") })}</p>
      )}
    </section>
  );
}

function Verdict({ state, name }: { state: RunState; name: RunViewProps["name"] }) {
  const { t } = useText();
  const { status, findingCount, skus, entries, skusWithFindings } = state;
  const numbers = {
    skus: quantity(String(skus)),
    entries: quantity(String(entries)),
    findings: quantity(String(findingCount)),
    wrong: quantity(skusWithFindings.size),
  };
  return (
    <h2
      role="status"
      className={`verdict ${status === "done" ? (findingCount > 0n ? "bad" : "good") : ""}`}
    >
      {status === "running" && t("audit:run.running")}
      {status === "stopped" && t("audit:run.stopped")}
      {status === "failed" && t("audit:run.failed")}
      {status === "done" &&
        (findingCount > 0n
          ? t("audit:run.found", numbers)
          : skus === 0n
            ? t("audit:run.nothing")
            : t(`audit:${name}.agrees`, numbers))}
    </h2>
  );
}
