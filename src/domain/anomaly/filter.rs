//! Which anomalies are wanted.

use chrono::{DateTime, Utc};

use super::{AnomalyRule, AnomalyRules};
use crate::domain::{Flow, MerchantId, SkuId};

/// Which anomalies are wanted. Conditions are joined by AND; a list means any of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnomalyFilter {
    /// Of these rules; of all if `None`. Where SKUs are named, those about actors find nothing.
    pub rules: Option<Vec<AnomalyRule>>,
    /// Among the entries of this merchant.
    pub merchant_id: Option<MerchantId>,
    /// Completed by an entry of these SKUs.
    pub sku_ids: Option<Vec<SkuId>>,
    /// Completed by an entry of these actors.
    pub actors: Option<Vec<String>>,
    /// Completed by an entry that was written then or later.
    pub from: DateTime<Utc>,
    /// Completed by an entry that was written before this; by any if `None`.
    pub to: Option<DateTime<Utc>>,
}

impl AnomalyFilter {
    /// Those of the rules that are to be judged by.
    pub fn wanted(&self, rules: &AnomalyRules) -> AnomalyRules {
        rules.only(|rule| {
            self.rules.as_ref().is_none_or(|wanted| wanted.contains(&rule))
                && !(rule.concerns_actor() && self.sku_ids.is_some())
        })
    }

    /// Whether an anomaly that this entry completes is wanted.
    pub fn takes(&self, entry: &Flow) -> bool {
        self.from <= entry.created_at
            && self.to.is_none_or(|to| entry.created_at < to)
            && self.sku_ids.as_ref().is_none_or(|sku_ids| sku_ids.contains(&entry.sku_id))
            && self.actors.as_ref().is_none_or(|actors| actors.contains(&entry.actor))
    }
}
