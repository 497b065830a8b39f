import { Link } from "wouter";

import type { ConsoleAnomaliesQuery, InventoryAnomalyRule } from "../api/generated/graphql";
import { useText } from "../i18n";
import { OrderLink } from "../shared/entry-link";
import { ForeignText } from "../shared/foreign-text";
import { quantity } from "../shared/format";
import { Time } from "../shared/time";
import { FlowTable } from "./flow-table";

export type Anomaly = ConsoleAnomaliesQuery["inventoryAnomalies"]["edges"][number]["node"];

/** One anomaly in words, with what was measured and the entries that it is made of. */
export function AnomalyCard({ anomaly }: { anomaly: Anomaly }) {
  const { t, language } = useText();
  const { rule, message, actor, skuId, orderDetailId, flows, flowCount } = anomaly;
  return (
    <article className="card finding">
      <header>
        <h3 title={message}>{t(`audit:rules.${rule}.title`)}</h3>
        <Time at={anomaly.to} />
      </header>
      <p>
        {t(`audit:rules.${rule}.help`, {
          measured: measure(rule, anomaly.measured, language),
          bound: measure(rule, anomaly.bound, language),
        })}
      </p>
      <dl className="facts">
        <div>
          <dt>{t("field.actor")}</dt>
          <dd>
            <ForeignText text={actor} />
          </dd>
        </div>
        {skuId != null && (
          <div>
            <dt>{t("field.skuId")}</dt>
            <dd>
              <Link href={`/sku/${skuId}`}>{skuId}</Link>
            </dd>
          </div>
        )}
        {orderDetailId != null && (
          <div>
            <dt>{t("field.orderDetailId")}</dt>
            <dd>
              <OrderLink orderDetailId={orderDetailId} />
            </dd>
          </div>
        )}
      </dl>
      <FlowTable
        caption={t("audit:finding.entries")}
        flows={flows}
        rowClass={(flow) => (flow.id === anomaly.flowId ? "completes" : undefined)}
      />
      {flows.length < flowCount && (
        <p className="faint">
          {t("audit:anomalies.lastOf", { shown: quantity(flows.length), all: quantity(flowCount) })}
        </p>
      )}
    </article>
  );
}

const SHARES: readonly InventoryAnomalyRule[] = ["LARGE_ADJUSTMENT", "ODD_HOURS"];

/** What was measured, in the unit of its rule. */
function measure(rule: InventoryAnomalyRule, value: number, language: string): string {
  if (SHARES.includes(rule)) {
    const format = { style: "percent", maximumFractionDigits: 1 } as const;
    return new Intl.NumberFormat(language, format).format(value);
  }
  if (rule !== "CLOCK_BACKWARDS") return quantity(Math.round(value));
  const format = { style: "unit", unit: "second", maximumFractionDigits: 3 } as const;
  return new Intl.NumberFormat(language, format).format(value / 1_000);
}
