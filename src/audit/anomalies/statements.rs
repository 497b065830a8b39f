//! The statements of a page, for looking at their plans.

use chrono::{DateTime, Utc};
use sea_orm::Statement;
use sea_orm::sea_query::SelectStatement;

use super::walk::Walk;
use super::{look_up, span};
use crate::audit::Audit;
use crate::domain::filter::FlowFilter;
use crate::domain::{AnomalyRules, Flow, FlowId, SkuId};
use crate::store::Loaded;

impl Audit {
    /// The statements by which a page looks for anomalies behind an id and an instant: those that find
    /// the span, the entries, and what was before `entries`. The SKUs of `seen` are taken to be seen.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the entries cannot be handed over as parameters.
    pub fn anomaly_statements(
        &self,
        seen: &FlowFilter,
        rules: &AnomalyRules,
        (behind, at): (FlowId, DateTime<Utc>),
        entries: &[Flow],
    ) -> Loaded<Vec<Statement>> {
        let dialect = self.database().dialect();
        let step_entries = self.anomaly_bounds.step_entries;
        let walk = Walk::new(seen, rules, (behind.0, i64::MAX), step_entries);
        let entries: Vec<&Flow> = entries.iter().collect();
        let actors: Vec<(String, FlowId)> =
            entries.iter().map(|flow| (flow.actor.clone(), flow.id)).collect();
        let places: Vec<(SkuId, i64)> =
            entries.iter().map(|flow| (flow.sku_id, flow.sequence.saturating_sub(1))).collect();
        let queries: Vec<SelectStatement> = [
            Some(span::before_query(dialect, at)),
            Some(span::behind_query(dialect, at)),
            walk.query(dialect),
            look_up::order_lines_query(dialect, &entries),
            look_up::activities_query(dialect, &actors, seen.merchant_id),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut statements: Vec<Statement> =
            queries.iter().map(|query| dialect.backend().build(query)).collect();
        statements.push(look_up::repeated_statement(dialect, &entries)?);
        statements.push(look_up::predecessors_statement(dialect, &places)?);
        Ok(statements)
    }
}
