/** How many observations wait for the network, and whether it may be left for good. */
import { useSyncExternalStore } from "react";

import { NetworkError } from "../../api/errors";
import { useText } from "../../i18n";
import { Failure } from "../../shared/states";
import { offline, onOffline } from "../../offline/register";
import { adopt, isDurable, type Kept } from "./kept";
import { isWaiting } from "./kept-item";
import { onSending, sendingState, sendNow } from "./sender";

interface WaitingBarProps {
  items: readonly Kept[];
  /** Observations that were made under another token on this device. */
  others: readonly Kept[];
  countedCount: number;
  skuCount: number;
  /** The SKUs' versions are of this moment; there is no network. */
  oldSince: string | undefined;
}

export function WaitingBar({ items, others, countedCount, skuCount, oldSince }: WaitingBarProps) {
  const { t } = useText();
  const { busy, error } = useSyncExternalStore(onSending, sendingState);
  const page = useSyncExternalStore(onOffline, offline);
  const count = items.filter(isWaiting).length;
  const lost = error instanceof NetworkError || oldSince !== undefined;
  return (
    <section className="waiting" aria-label={t("counts:waitingBar")}>
      <div className="waiting-line">
        <p className={count === 0 ? "good" : "warn"} role="status">
          <span className="waiting-dot" aria-hidden="true" />
          {count === 0
            ? t("counts:nothingWaits")
            : lost
              ? t("counts:waitOffline", { n: count })
              : t(busy ? "counts:sending" : "counts:wait", { n: count })}
        </p>
        <p>
          {t("counts:progress", { counted: countedCount, of: skuCount })}
        </p>
      </div>
      <progress max={Math.max(skuCount, 1)} value={countedCount} aria-label={t("counts:progressLabel")} />
      {error !== undefined && !(error instanceof NetworkError) && (
        <Failure error={error} onRetry={sendNow} />
      )}
      {others.length > 0 && (
        <div className="notice others">
          <p>{t("counts:others", { n: others.length })}</p>
          <button type="button" onClick={() => void adopt(others.map((it) => it.key)).then(sendNow)}>
            {t("counts:adopt")}
          </button>
        </div>
      )}
      {!isDurable() && <p className="notice">{t("counts:notKept")}</p>}
      {page === "insecure" && <p className="notice">{t("counts:insecure")}</p>}
      {page === "failed" && <p className="notice">{t("counts:noWorker")}</p>}
      {page === "ready" && isDurable() && <p className="hint">{t("counts:worksOffline")}</p>}
      {page === "preparing" && <p className="hint">{t("counts:preparing")}</p>}
    </section>
  );
}
