import { useSyncExternalStore } from "react";

import { liveState, onLiveState } from "../api/live";
import { useText } from "../i18n";

/** Tells whether what is shown moves by itself; says so aloud when that changes. */
export function LiveBadge() {
  const { t } = useText();
  const state = useSyncExternalStore(onLiveState, liveState);
  return (
    <p className={`live live-${state}`} role="status" title={state === "idle" ? undefined : t(`live.${state}`)}>
      {state !== "idle" && (
        <>
          <span className="live-dot" aria-hidden="true" />
          <span className={state === "lost" || state === "off" ? undefined : "live-text"}>{t(`live.${state}`)}</span>
        </>
      )}
    </p>
  );
}
