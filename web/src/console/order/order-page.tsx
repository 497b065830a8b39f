/** What became of an order: what was taken for it, what came back, and what may still be given back. */
import { useLocation } from "wouter";

import { useText } from "../i18n";
import { PageHeading } from "../shared/page-heading";
import { SearchText } from "../shared/search-text";
import { useSearchState } from "../shared/search-state";
import { Empty } from "../shared/states";
import { ordersHref, orderInPath, ORDERS_MAX, ordersOf } from "./order-address";
import { OrderTrail } from "./order-trail";
import { OrderTrails } from "./order-trails";
import "./order.css";

export function OrderPage() {
  const { t } = useText();
  const [, navigate] = useLocation();
  const { get } = useSearchState();
  const one = orderInPath(location.pathname);
  const ids = one === "" ? ordersOf(get("ids")) : [one];
  const tooMany = ids.length > ORDERS_MAX;
  return (
    <>
      <PageHeading title={t("order:title")} />
      <search className="filters">
        <SearchText
          main
          label={t("order:find")}
          value={ids.join(", ")}
          hint={t("order:findHint")}
          fault={tooMany ? t("order:tooMany", { max: ORDERS_MAX }) : undefined}
          onSearch={(typed) => {
            // An id with a comma in it stays one for as long as nothing else was typed.
            if (typed !== ids.join(", ")) navigate(ordersHref(ordersOf(typed)));
          }}
        />
      </search>
      {tooMany ? null : ids[0] === undefined ? (
        <Empty title={t("order:none")} help={t("order:noneHelp")} />
      ) : ids.length === 1 ? (
        <OrderTrail key={ids[0]} orderDetailId={ids[0]} />
      ) : (
        <OrderTrails ids={ids} />
      )}
    </>
  );
}
