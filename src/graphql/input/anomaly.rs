//! Which anomalies are wanted.

use async_graphql::{ID, InputObject, Result};
use chrono::TimeDelta;

use super::filter::{DateTimeRange, distinct, instants, merchant_id, sku_ids};
use crate::domain::{AnomalyFilter, AnomalyRule};
use crate::graphql::arguments::{bounded, texts};
use crate::graphql::context::RequestContext;
use crate::graphql::object::InventoryAnomalyRule;

/// How far back a search goes that does not say from when.
const SPAN_DEFAULT: TimeDelta = TimeDelta::days(7);

/// Which anomalies are wanted. Conditions are joined by AND; a list means any of its values, up to
/// 250 of them, so that an empty list means none.
#[derive(InputObject, Clone, Debug, Default)]
pub(in crate::graphql) struct InventoryAnomalyWhere {
    /// Found by any of these rules; by all of them if absent.
    rule: Option<Vec<InventoryAnomalyRule>>,
    /// Completed by an entry of any of these SKUs, whose own entries are walked then. The rules about
    /// actors (`QUICK_REFUNDS`, `BURST`, `ODD_HOURS`) are left out, and refused with
    /// `INVALID_ARGUMENT` if `rule` names them.
    sku_id: Option<Vec<ID>>,
    /// Among the entries of the SKUs of this merchant. What an actor did for other merchants does not
    /// count then.
    merchant_id: Option<ID>,
    /// Completed by an entry of any of these actors.
    actor: Option<Vec<String>>,
    /// Completed by an entry written within this span of time: from seven days before its end, or before
    /// now, if `from` is absent, and up to the newest entry if `to` is. An entry whose clock was wrong
    /// by more than a minute may be missed where it lies at the very border of the span.
    created_at: Option<DateTimeRange>,
}

impl InventoryAnomalyWhere {
    /// The filter that it spells, or which part of it is out of bounds.
    pub(in crate::graphql) fn read(self, request: &RequestContext) -> Result<AnomalyFilter> {
        if let Some(rules) = &self.rule {
            bounded(request, &["where", "rule"], rules)?;
        }
        if let Some(actors) = &self.actor {
            texts(request, &["where", "actor"], actors)?;
        }
        let rules: Option<Vec<AnomalyRule>> =
            self.rule.map(|rules| rules.into_iter().map(Into::into).collect());
        let sku_ids = sku_ids(request, self.sku_id.as_deref())?;
        let about_actors = rules.iter().flatten().any(|rule| rule.concerns_actor());
        if about_actors && sku_ids.is_some() {
            let text = "must not name rules about actors beside skuId";
            return Err(request.invalid_argument(&["where", "rule"], text));
        }
        let span = instants(request, &["where", "createdAt"], self.created_at)?;
        let end = span.to.unwrap_or(request.begun_at);
        let from = span.from.or_else(|| end.checked_sub_signed(SPAN_DEFAULT));
        Ok(AnomalyFilter {
            rules,
            merchant_id: merchant_id(request, self.merchant_id.as_ref())?,
            sku_ids,
            actors: self.actor.map(distinct),
            from: from.and_then(crate::domain::clock::keepable).unwrap_or(end),
            to: span.to,
        })
    }
}
