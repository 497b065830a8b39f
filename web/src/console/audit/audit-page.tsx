/** Everything that proves the books, and what happened on them. */
import type { ComponentType } from "react";
import { Link, Redirect, useParams } from "wouter";

import { useText } from "../i18n";
import { PageHeading } from "../shared/page-heading";
import { AnomaliesView } from "./anomalies-view";
import { reconcileRun, verifyRun } from "./book-runs";
import { HistoryView } from "./history-view";
import { RunView } from "./run-view";
import { SealsView } from "./seals-view";
import { SummaryView } from "./summary-view";
import "./audit.css";

const VIEWS = {
  history: HistoryView,
  summary: SummaryView,
  anomalies: AnomaliesView,
  reconciliation: () => <RunView run={reconcileRun} name="reconciliation" />,
  verification: () => <RunView run={verifyRun} name="verification" />,
  seals: SealsView,
} satisfies Record<string, ComponentType>;
type View = keyof typeof VIEWS;

export function AuditPage() {
  const { t } = useText();
  const { view } = useParams();
  if (view === undefined || !(view in VIEWS)) return <Redirect to="/audit/history" replace />;
  const Shown = VIEWS[view as View];
  return (
    <div className="audit">
      <PageHeading title={t("audit:title")} />
      <nav className="tabs" aria-label={t("audit:views")}>
        {(Object.keys(VIEWS) as View[]).map((name) => (
          <Link
            key={name}
            href={`/audit/${name}`}
            aria-current={name === view ? "page" : undefined}
          >
            {t(`audit:${name}.tab`)}
          </Link>
        ))}
      </nav>
      <Shown />
    </div>
  );
}
