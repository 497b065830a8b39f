import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";

import type { ConsoleOrderTrailQuery } from "../api/generated/graphql";
import { request } from "../api/request";
import { useText } from "../i18n";
import { EntryLink } from "../shared/entry-link";
import { ForeignText } from "../shared/foreign-text";
import { change, quantity } from "../shared/format";
import { KindBadge } from "../shared/kind-badge";
import { Time } from "../shared/time";
import { RefundDialog } from "../sku/refund-dialog";
import { ORDER_STOCK } from "./order-queries";

type Trail = NonNullable<ConsoleOrderTrailQuery["inventoryOrderTrail"]>;
export type Deduction = Trail["deductions"]["edges"][number]["node"];
type Entry = Deduction["refunds"][number];

interface DeductionsProps {
  orderDetailId: string;
  deductions: Deduction[];
}

/** What was taken, in the order of time, and beneath each what came back of it. */
export function Deductions({ orderDetailId, deductions }: DeductionsProps) {
  const { t } = useText();
  const [refunding, setRefunding] = useState<string>();
  const deduction = deductions.find(({ id }) => id === refunding);
  return (
    <>
      <ol className="deductions">
        {deductions.map((deduction) => (
          <li key={deduction.id} className="card">
            <header>
              <Step entry={deduction} kind="DEDUCTION" />
              <div className="still">
                <span className={deduction.refundableQuantity > 0 ? "badge" : "badge good"}>
                  {deduction.refundableQuantity > 0
                    ? t("order:still", { units: quantity(deduction.refundableQuantity) })
                    : t("order:allBack")}
                </span>
                {deduction.refundableQuantity > 0 && (
                  <button
                    type="button"
                    aria-label={t("order:refundOf", { id: deduction.id })}
                    onClick={() => setRefunding(deduction.id)}
                  >
                    {t("order:refund")}
                  </button>
                )}
              </div>
            </header>
            {deduction.refunds.length > 0 && (
              <ol className="refunds" aria-label={t("order:refunds")}>
                {deduction.refunds.map((refund) => (
                  <li key={refund.id}>
                    <Step entry={refund} kind="REFUND" />
                  </li>
                ))}
              </ol>
            )}
          </li>
        ))}
      </ol>
      {deduction !== undefined && (
        <Refund
          deduction={{ ...deduction, orderDetailId }}
          onClose={() => setRefunding(undefined)}
        />
      )}
    </>
  );
}

interface RefundProps {
  deduction: Deduction & { orderDetailId: string };
  onClose: () => void;
}

/** The dialog tells what the SKU will have, to those who may see that. */
function Refund({ deduction, onClose }: RefundProps) {
  const { skuId } = deduction;
  const stock = useQuery({
    queryKey: ["order-stock", skuId],
    queryFn: ({ signal }) => request(ORDER_STOCK, { skuId }, { signal }),
  });
  return (
    <RefundDialog
      deduction={deduction}
      amount={stock.data?.inventory?.leavedAmount}
      onClose={onClose}
    />
  );
}

function Step({ entry, kind }: { entry: Entry; kind: "DEDUCTION" | "REFUND" }) {
  const { t } = useText();
  return (
    <div className="step">
      <p>
        <KindBadge kind={kind} /> <strong>{change(-entry.quantityTrade)}</strong>{" "}
        <span className="faint">
          {quantity(entry.quantityBefore)} → {quantity(entry.quantityAfter)}
        </span>
        {kind === "DEDUCTION" && (
          <>
            {" "}
            {t("field.skuId")} <Link href={`/sku/${entry.skuId}`}>{entry.skuId}</Link>
          </>
        )}
      </p>
      <p className="faint">
        <EntryLink skuId={entry.skuId} flowId={entry.id} /> · <Time at={entry.createdAt} /> ·{" "}
        <ForeignText text={entry.actor} />
        {entry.reason != null && (
          <>
            {" "}
            · <ForeignText text={entry.reason} />
          </>
        )}
      </p>
    </div>
  );
}
