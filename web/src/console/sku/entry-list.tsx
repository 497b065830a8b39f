/** Entries, one a line where there is room for it; on a phone each takes three. */
import { useText } from "../i18n";
import { OrderLink } from "../shared/entry-link";
import { ForeignText } from "../shared/foreign-text";
import { change, quantity } from "../shared/format";
import { KindBadge } from "../shared/kind-badge";
import { Time } from "../shared/time";
import { EntryAddress } from "./entry-address";
import "./entry-list.css";
import type { Entry } from "./history";

const HASH_DIGITS = 8;

export function EntryList({ entries, label }: { entries: Entry[]; label: string }) {
  const { t } = useText();
  return (
    <div className="entries-frame">
      {/* What the columns are, for the eye; each entry says it again to readers of the screen. */}
      <div className="entries-head" aria-hidden="true">
        <span>{t("field.at")}</span>
        <span>{t("field.kind")}</span>
        <span className="numeric">{t("sku:change")}</span>
        <span className="numeric">{t("sku:beforeAfter")}</span>
        <span>{t("field.orderDetailId")}</span>
        <span>{t("field.actor")}</span>
        <span>{t("field.reason")}</span>
        <span>{t("field.entry")}</span>
      </div>
      <ol className="entries" aria-label={label} reversed>
        {entries.map((entry) => (
          <li key={entry.id}>
            <EntryLine entry={entry} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function EntryLine({ entry }: { entry: Entry }) {
  const { t } = useText();
  const said = (name: string) => <span className="visually-hidden">{name} </span>;
  return (
    <>
      <span className="entry-at">
        <Time at={entry.createdAt} />
      </span>
      <span className="entry-kind">
        <KindBadge kind={entry.kind} />
      </span>
      <strong className="entry-change numeric">
        {said(t("sku:change"))}
        {change(-entry.quantityTrade)}
      </strong>
      <span className="entry-amounts numeric">
        {quantity(entry.quantityBefore)} <span className="faint">→</span> {quantity(entry.quantityAfter)}
      </span>
      <span className="entry-rest">
        <span className="entry-order">
          {entry.orderDetailId !== null && (
            <>
              {said(t("field.orderDetailId"))}
              <OrderLink orderDetailId={entry.orderDetailId} />
            </>
          )}
        </span>
        <span className="entry-actor">
          {said(t("field.actor"))}
          <ForeignText text={entry.actor} />
        </span>
        <span className="entry-reason">
          {entry.reason !== null && (
            <>
              {said(t("field.reason"))}
              <ForeignText text={entry.reason} />
            </>
          )}
        </span>
      </span>
      <span className="entry-id">
        <EntryAddress skuId={entry.skuId} flowId={entry.id} />{" "}
        <code className="faint" title={entry.hash ?? t("sku:unchained")}>
          {entry.hash === null ? "–" : entry.hash.slice(0, HASH_DIGITS)}
        </code>
      </span>
    </>
  );
}
