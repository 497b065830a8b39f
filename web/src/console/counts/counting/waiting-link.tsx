/** In the frame of every view: how much was counted on this device and is not recorded yet. */
import { useEffect, useSyncExternalStore } from "react";
import { Link, useRoute } from "wouter";

import { useText } from "../../i18n";
import { keptItems, onKept } from "./kept";
import { isWaiting } from "./kept-item";
import { keepSending } from "./sender";

export function WaitingLink() {
  const { t } = useText();
  const items = useSyncExternalStore(onKept, keptItems).filter(isWaiting);
  // The views of counts say it themselves, and more of it.
  const [inCounts] = useRoute(/^\/counts(\/.*)?$/);
  useEffect(keepSending, []);
  const [first] = items;
  if (first === undefined || inCounts) return null;
  const one = items.every(({ countId }) => countId === first.countId);
  return (
    <Link
      className="badge warn"
      href={one ? `/counts/${first.countId}?mode=count` : "/counts"}
      title={t("waitingHelp")}
    >
      {t("waiting", { n: items.length })}
    </Link>
  );
}
