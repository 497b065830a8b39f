//! Entries at instants of a test's own choice, written by SQL, and a search over them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::inventory_flow::{ActiveModel, Entity, Model};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, EntityTrait as _};
use stockflow::audit::{AnomalyBounds, AnomalyPage, Audit};
use stockflow::cache::StockCache;
use stockflow::db::flow_from_row;
use stockflow::domain::filter::Consistency;
use stockflow::domain::{
    Anomaly, AnomalyCursor, AnomalyFilter, AnomalyRules, Flow, FlowKind, PageRequest, Visibility,
};
use stockflow::store::{Asked, Store};

use crate::support::TestDatabase;

/// Entries that are written one behind the other.
#[derive(Debug)]
pub struct Planted {
    pub flows: Vec<Flow>,
    rows: Vec<Model>,
    begun_at: DateTime<Utc>,
}

impl Planted {
    pub fn new() -> Self {
        let begun_at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        Self { flows: Vec::new(), rows: Vec::new(), begun_at }
    }

    /// The instant so many seconds after the beginning.
    pub fn at(&self, seconds: i64) -> DateTime<Utc> {
        self.begun_at + TimeDelta::seconds(seconds)
    }

    /// Adds an entry of a SKU, at a second, by an actor; answers its id. SKUs belong to merchants 1
    /// and 2 in turn.
    pub fn add(
        &mut self,
        kind: FlowKind,
        (sku_id, quantity): (i64, i32),
        seconds: i64,
        actor: &str,
    ) -> i64 {
        let before = self.rows.iter().rev().find(|row| row.sku_id == sku_id);
        let (sequence, leaved) =
            before.map_or((1, 1_000_000), |row| (row.sequence + 1, row.leaved_after));
        let id = i64::try_from(self.rows.len()).unwrap() + 1;
        self.push(Model {
            id,
            sku_id,
            sequence,
            kind: kind.code(),
            order_detail_id: None,
            quantity_trade: quantity,
            leaved_after: leaved - quantity,
            deduction_id: None,
            idempotency_scope: "planted".to_owned(),
            idempotency_key: format!("key {id}"),
            line: 0,
            request_hash: vec![0; 32],
            actor: actor.to_owned(),
            reason: None,
            created_at: self.at(seconds),
            merchant_id: 1 + sku_id % 2,
            entry_hash: None,
        });
        id
    }

    /// Adds a deduction of an order line.
    pub fn deduct(&mut self, sku: (i64, i32), line: &str, seconds: i64, actor: &str) -> i64 {
        let id = self.add(FlowKind::Deduction, sku, seconds, actor);
        self.change(|row| row.order_detail_id = Some(line.to_owned()));
        id
    }

    /// Adds a refund of a deduction.
    pub fn refund(&mut self, deduction: i64, quantity: i32, seconds: i64, actor: &str) -> i64 {
        let of = self.rows.iter().find(|row| row.id == deduction).unwrap().clone();
        let id = self.add(FlowKind::Refund, (of.sku_id, -quantity), seconds, actor);
        self.change(|row| {
            row.deduction_id = Some(deduction);
            row.order_detail_id = of.order_detail_id;
        });
        id
    }

    /// Changes the newest entry.
    pub fn change(&mut self, change: impl FnOnce(&mut Model)) {
        self.flows.pop().unwrap();
        let mut row = self.rows.pop().unwrap();
        change(&mut row);
        self.push(row);
    }

    fn push(&mut self, row: Model) {
        self.flows.push(flow_from_row(row.clone()).unwrap());
        self.rows.push(row);
    }

    /// Writes them, and answers who looks for anomalies in them.
    pub async fn write(&self, database: &TestDatabase, rules: &AnomalyRules) -> Search {
        let plain = database.plain().await;
        // In their order, for an entry may refer to one before it.
        for rows in self.rows.chunks(500) {
            let rows = rows.iter().cloned().map(|row| ActiveModel::from(row).reset_all());
            Entity::insert_many(rows).exec_without_returning(&plain).await.unwrap();
        }
        let store = Store::new(database.connect().await, StockCache::none());
        let audit = Audit::new(store).with_anomaly_rules(rules.clone());
        Search { audit, filter: all(), visibility: Visibility::All }
    }
}

/// Takes them away again: they are no history that adds up with the stocks.
pub async fn clear(database: &TestDatabase) {
    let plain = database.plain().await;
    for sql in [
        "DELETE FROM t_inventory_flow WHERE deduction_id IS NOT NULL",
        "DELETE FROM t_inventory_flow",
    ] {
        plain.execute_unprepared(sql).await.unwrap();
    }
}

/// Every anomaly of all times.
pub fn all() -> AnomalyFilter {
    AnomalyFilter {
        rules: None,
        merchant_id: None,
        sku_ids: None,
        actors: None,
        from: DateTime::from_timestamp(0, 0).unwrap(),
        to: None,
    }
}

/// Who looks for anomalies, for what, and for whom.
#[derive(Clone, Debug)]
pub struct Search {
    pub audit: Audit,
    pub filter: AnomalyFilter,
    pub visibility: Visibility,
}

impl Search {
    pub fn with_bounds(&self, bounds: AnomalyBounds) -> Self {
        let audit = self.audit.clone().with_anomaly_bounds(bounds);
        Self { audit, ..self.clone() }
    }

    pub async fn page(&self, first: i32, after: Option<AnomalyCursor>) -> AnomalyPage {
        let page = PageRequest::new(Some(first), after, None, None).unwrap();
        let visibility = self.visibility;
        let asked = Asked { visibility, ..Asked::of(Consistency::Primary) };
        self.audit.list_anomalies(&self.filter, &page, &asked).await.unwrap().value
    }

    /// All of them, in pages of so many.
    pub async fn found(&self, first: i32) -> Vec<Anomaly> {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = self.page(first, after).await;
            assert!(page.anomalies.len() <= usize::try_from(first).unwrap());
            found.extend(page.anomalies);
            if !page.has_next {
                return found;
            }
            assert_ne!(page.end, after, "it comes no further");
            after = page.end;
        }
    }
}
