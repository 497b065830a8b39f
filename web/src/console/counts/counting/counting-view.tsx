/** Counting, made for a phone with a scanner: /counts/:countId?mode=count. */
import "./counting.css";

import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";

import { useText } from "../../i18n";
import { prepareForOffline } from "../../offline/register";
import { useSearchState } from "../../shared/search-state";
import { Empty } from "../../shared/states";
import { EntriesList } from "./entries-list";
import { askToKeep, keptItems, onKept } from "./kept";
import { owner } from "./owner";
import type { Places } from "./places";
import { ScanField } from "./scan-field";
import { TallyCard } from "./tally-card";
import { useScanFocus } from "./use-scan-focus";
import { useTally } from "./use-tally";
import { WaitingBar } from "./waiting-bar";

interface CountingViewProps {
  countId: string;
  places: Places;
  /** It has been completed or abandoned. */
  closed: boolean;
}

export function CountingView({ countId, places, closed }: CountingViewProps) {
  const { t } = useText();
  const { get, set } = useSearchState();
  const byUnit = get("each") !== "quantity";
  const scanField = useRef<HTMLInputElement>(null);
  const quantityField = useRef<HTMLInputElement>(null);
  const tally = useTally(countId, places, byUnit);
  const onClick = useScanFocus(scanField);
  const items = useSyncExternalStore(onKept, keptItems);
  const { choose, sign, mine, selected } = tally;
  const countedCount = useMemo(() => {
    const counted = places.places.filter((it) => it.countedVersion !== null);
    const here = mine.filter((it) => it.state !== "refused");
    return new Set([...counted, ...here].map((it) => it.skuId)).size;
  }, [places, mine]);
  useEffect(prepareForOffline, []);
  useEffect(askToKeep, []);
  // A link to a SKU that is to be counted again.
  const asked = get("sku");
  useEffect(() => {
    if (asked === "") return;
    choose(asked, true);
    set({ sku: "" });
  }, [asked, choose, set]);
  // Whoever was asked for a number types it; afterwards the next scan may come.
  useEffect(() => {
    if ((sign?.kind === "chosen" && !byUnit) || sign?.kind === "cannotTakeBack") {
      quantityField.current?.focus();
    } else if (sign?.kind === "notQuantity") quantityField.current?.select();
    else if (sign !== undefined && sign.kind !== "doubt") scanField.current?.focus();
  }, [sign]);
  const others = items.filter(
    (it) => it.countId === countId && it.owner !== owner() && it.state !== "recorded",
  );
  if (closed) {
    return (
      <div className="counting">
        <Empty title={t("counts:closedTitle")} help={t("counts:closedHelp")} />
        {mine.length > 0 && <EntriesList items={mine} />}
      </div>
    );
  }
  return (
    <div className="counting" onClick={onClick}>
      <WaitingBar
        items={mine}
        others={others}
        countedCount={countedCount}
        skuCount={places.head.skuCount}
        oldSince={places.old ? places.readAt : undefined}
      />
      <ScanField
        field={scanField}
        onScan={tally.scan}
        byUnit={byUnit}
        onByUnit={(next) => set({ each: next ? "" : "quantity" })}
      />
      <TallyCard
        selected={selected}
        sign={sign}
        field={quantityField}
        onQuantity={tally.setQuantity}
        onAdd={tally.add}
        onAnew={(skuId) => choose(skuId, true)}
        onScan={tally.scan}
      />
      <EntriesList
        items={mine}
        onTakeBack={tally.takeBack}
        onAnew={(skuId) => choose(skuId, true)}
      />
    </div>
  );
}
