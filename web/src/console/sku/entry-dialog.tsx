/** One entry with all that it says, and those that it belongs to. */
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import type { ConsoleEntryDetailQuery } from "../api/generated/graphql";
import { request } from "../api/request";
import { useText } from "../i18n";
import { Dialog } from "../shared/dialog";
import { OrderLink } from "../shared/entry-link";
import { change, quantity } from "../shared/format";
import { KindBadge } from "../shared/kind-badge";
import { Empty, Failure, Loading } from "../shared/states";
import { Time } from "../shared/time";
import { EntryAddress } from "./entry-address";
import "./entry-dialog.css";
import { ENTRY } from "./entry-queries";
import { EntrySeal } from "./entry-seal";
import type { Entry } from "./history";
import { RefundDialog } from "./refund-dialog";
import type { Stock } from "./use-sku";

type Detail = NonNullable<ConsoleEntryDetailQuery["inventoryFlow"]>;

interface EntryDialogProps {
  flowId: string;
  /** The SKU that the view is of. */
  stock: Stock;
  onClose: () => void;
}

export function EntryDialog({ flowId, stock, onClose }: EntryDialogProps) {
  const { t } = useText();
  const [refunding, setRefunding] = useState(false);
  const asked = useQuery({
    queryKey: ["entry", flowId],
    queryFn: ({ signal }) => request(ENTRY, { id: flowId }, { signal }),
  });
  const entry = asked.data?.inventoryFlow;
  return (
    <>
      <Dialog open title={t("sku:entryTitle", { id: flowId })} onClose={onClose}>
        <div className="entry-detail">
          {asked.isPending ? (
            <Loading lines={10} />
          ) : asked.isError ? (
            <Failure error={asked.error} onRetry={() => void asked.refetch()} />
          ) : !entry ? (
            <Empty title={t("sku:entryNotFound")} help={t("sku:entryNotFoundHelp")} />
          ) : (
            <>
              <Said entry={entry} />
              {entry.deduction !== null && (
                <Linked title={t("sku:givesBack")} entries={[entry.deduction]} />
              )}
              {entry.kind === "DEDUCTION" && (
                <Refunds entry={entry} onRefund={() => setRefunding(true)} />
              )}
              <EntrySeal flowId={flowId} />
            </>
          )}
        </div>
      </Dialog>
      {refunding && entry && (
        <RefundDialog
          deduction={entry}
          amount={entry.skuId === stock.skuId ? stock.leavedAmount : undefined}
          onClose={() => setRefunding(false)}
        />
      )}
    </>
  );
}

function Said({ entry }: { entry: Detail }) {
  const { t } = useText();
  return (
    <>
      <p className="entry-head">
        <KindBadge kind={entry.kind} />
        <strong>{change(-entry.quantityTrade)}</strong>
        <span>
          {quantity(entry.quantityBefore)} → {quantity(entry.quantityAfter)}
        </span>
      </p>
      <dl className="entry-fields">
        <Field name={t("field.at")}>
          <Time at={entry.createdAt} />
        </Field>
        <Field name={t("field.actor")}>
          <bdi>{entry.actor}</bdi>
        </Field>
        {entry.reason !== null && (
          <Field name={t("field.reason")}>
            <bdi className="entry-text">{entry.reason}</bdi>
          </Field>
        )}
        {entry.orderDetailId !== null && (
          <Field name={t("field.orderDetailId")}>
            <OrderLink orderDetailId={entry.orderDetailId} />
          </Field>
        )}
        <Field name={t("field.skuId")}>{entry.skuId}</Field>
        <Field name={t("sku:sequence")}>{quantity(entry.sequence)}</Field>
        <Field name={t("field.merchantId")}>{entry.merchantId}</Field>
        <Field name={t("sku:idempotencyKey")}>
          <code>{entry.idempotencyKey}</code>
        </Field>
        <Field name={t("sku:contentHash")}>
          <code>{entry.contentHash}</code>
        </Field>
        <Field name={t("sku:hash")}>
          {entry.hash === null ? t("sku:unchained") : <code>{entry.hash}</code>}
        </Field>
      </dl>
    </>
  );
}

function Field({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Refunds({ entry, onRefund }: { entry: Detail; onRefund: () => void }) {
  const { t } = useText();
  return (
    <>
      <section aria-label={t("sku:refundable")} className="entry-refundable">
        <p>
          {t("sku:refundableOf", {
            refundable: quantity(entry.refundableQuantity),
            taken: quantity(entry.quantityTrade),
          })}
        </p>
        {entry.refundableQuantity > 0 && (
          <button type="button" className="primary" onClick={onRefund}>
            {t("sku:refund")}
          </button>
        )}
      </section>
      {entry.refunds.length > 0 && <Linked title={t("sku:refunds")} entries={entry.refunds} />}
    </>
  );
}

function Linked({ title, entries }: { title: string; entries: Entry[] }) {
  return (
    <section className="entry-linked">
      <h3>{title}</h3>
      <ul>
        {entries.map((it) => (
          <li key={it.id}>
            <EntryAddress skuId={it.skuId} flowId={it.id} />
            <KindBadge kind={it.kind} />
            <strong>{change(-it.quantityTrade)}</strong>
            <Time at={it.createdAt} />
            <bdi title={it.reason ?? it.actor} className="foreign">
              {it.reason ?? it.actor}
            </bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
