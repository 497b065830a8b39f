//! Histories that the ledger writes, at whatever instants a test wants.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use entity::inventory_flow;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};
use stockflow::auth::Caller;
use stockflow::cache::StockCache;
use stockflow::domain::request::{
    CreateRequest, DeductRequest, Envelope, RefundRequest, SetQuantityRequest, StockRequest,
};
use stockflow::domain::{Clock, Command, Flow, FlowKind, Outcome, Visibility};
use stockflow::ledger::{Ledger, LedgerMetrics};

use crate::access::shop::Shop;
use crate::support::{TestDatabase, ledger};

/// An entry as it is on the books.
pub type Entry = inventory_flow::Model;

/// A ledger whose clock the test sets.
pub struct Writer {
    ledger: Ledger,
    now: Arc<AtomicI64>,
    keys: AtomicU32,
}

impl Writer {
    pub async fn over(database: &TestDatabase) -> Self {
        let now = Arc::new(AtomicI64::new(0));
        let shown = Arc::clone(&now);
        let clock = Clock::from_fn(move || {
            DateTime::from_timestamp_micros(shown.load(Ordering::SeqCst)).unwrap()
        });
        let (cache, metrics) = (StockCache::none(), LedgerMetrics::new());
        let database = database.connect().await;
        let started = Ledger::start(database, cache, ledger::settings(), clock, metrics);
        Self { ledger: started.unwrap().0, now, keys: AtomicU32::new(0) }
    }

    /// What is written from now on is written at this instant.
    pub fn set(&self, at: DateTime<Utc>) {
        self.now.store(at.timestamp_micros(), Ordering::SeqCst);
    }

    /// Has something written by an actor for a reason; nothing if it is refused.
    pub async fn write(
        &self,
        actor: &str,
        reason: Option<&str>,
        command: impl FnOnce(Envelope) -> Command,
    ) -> Vec<Flow> {
        let key = self.keys.fetch_add(1, Ordering::SeqCst);
        let envelope = Envelope {
            scope: "tests".to_owned(),
            actor: actor.to_owned(),
            visibility: Visibility::All,
            idempotency_key: format!("key {key}"),
            reason: reason.map(str::to_owned),
        };
        match self.ledger.submit(command(envelope)).await.unwrap() {
            Outcome::Done { receipt, .. } => receipt.into_iter().map(|line| line.flow).collect(),
            Outcome::Refused(_refusals) => Vec::new(),
        }
    }

    pub async fn create(&self, sku_id: i64, merchant_id: i64, quantity: i32) -> Vec<Flow> {
        let request = CreateRequest {
            sku_id: sku_id.to_string(),
            merchant_id: Some(merchant_id.to_string()),
            merchant_by_default: None,
            quantity,
        };
        self.write("platform", None, |envelope| Command::create(envelope, &request).unwrap()).await
    }

    pub async fn deduct(&self, sku_id: i64, order_detail_id: &str, quantity: i32) -> Vec<Flow> {
        let request = DeductRequest {
            sku_id: sku_id.to_string(),
            order_detail_id: order_detail_id.to_owned(),
            quantity,
        };
        self.write("shop", None, |envelope| Command::deduct(envelope, &request).unwrap()).await
    }

    pub async fn refund(&self, deduction: &Flow, quantity: i32, reason: &str) -> Vec<Flow> {
        let request = RefundRequest { flow_id: deduction.id.to_string(), quantity: Some(quantity) };
        let reason = Some(reason);
        self.write("desk", reason, |envelope| Command::refund(envelope, &request).unwrap()).await
    }

    pub async fn replenish(&self, sku_id: i64, quantity: i32, actor: &str) -> Vec<Flow> {
        let request = StockRequest { sku_id: sku_id.to_string(), quantity };
        let reason = Some("delivery");
        self.write(actor, reason, |envelope| Command::replenish(envelope, &request).unwrap()).await
    }

    pub async fn count(&self, sku_id: i64, quantity: i32, reason: &str) -> Vec<Flow> {
        let request = SetQuantityRequest {
            sku_id: sku_id.to_string(),
            quantity,
            change_from_quantity: Some(None),
        };
        let reason = Some(reason);
        let command = |envelope| Command::set_quantity(envelope, &request).unwrap();
        self.write("auditor", reason, command).await
    }
}

/// SKUs 1 to 4 of merchant 1, and 5 and 6 of merchant 2.
pub const SKUS: [i64; 6] = [1, 2, 3, 4, 5, 6];

pub fn merchant_of(sku_id: i64) -> i64 {
    if sku_id > 4 { 2 } else { 1 }
}

/// Writes a random history of about so many entries, which go on for about `days`, from March 2025.
pub async fn random(database: &TestDatabase, seed: u64, entries: u32, days: u32) -> Vec<Entry> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let writer = Writer::over(database).await;
    let mut now: DateTime<Utc> = "2025-03-25T00:00:00Z".parse().unwrap();
    let step_max = i64::from(days) * 2 * 86_400_000_000 / i64::from(entries);
    let mut deductions: Vec<Flow> = Vec::new();
    for sku_id in SKUS {
        writer.set(now);
        writer.create(sku_id, merchant_of(sku_id), rng.i32(100..1_000)).await;
    }
    for _entry in 0..entries {
        // Several at one instant, too.
        if rng.u8(0..10) > 0 {
            now += chrono::TimeDelta::microseconds(rng.i64(0..step_max));
        }
        writer.set(now);
        let sku_id = SKUS[rng.usize(0..SKUS.len())];
        let quantity = rng.i32(1..20);
        match rng.u8(0..10) {
            0 => {
                let actor = ["driver", "shop"][rng.usize(0..2)];
                writer.replenish(sku_id, quantity * 5, actor).await;
            }
            1 => {
                let reason = ["shrinkage", "found again"][rng.usize(0..2)];
                writer.count(sku_id, quantity * 20, reason).await;
            }
            2..=4 if !deductions.is_empty() => {
                let deduction = &deductions[rng.usize(0..deductions.len())];
                let reason = ["cancelled", "broken"][rng.usize(0..2)];
                writer.refund(deduction, rng.i32(1..6), reason).await;
            }
            _ => {
                let line = format!("line-{}", rng.u8(1..9));
                deductions.extend(writer.deduct(sku_id, &line, quantity).await);
            }
        }
    }
    entries_of(database).await
}

/// All entries, in the order of their ids.
pub async fn entries_of(database: &TestDatabase) -> Vec<Entry> {
    let plain = database.plain().await;
    let entries = inventory_flow::Entity::find().order_by_asc(inventory_flow::Column::Id);
    entries.all(&plain).await.unwrap()
}

/// What GraphQL calls a kind.
pub fn kind(code: i16) -> &'static str {
    match FlowKind::from_code(code).unwrap() {
        FlowKind::Opening => "OPENING",
        FlowKind::Deduction => "DEDUCTION",
        FlowKind::Refund => "REFUND",
        FlowKind::Replenishment => "REPLENISHMENT",
        FlowKind::Adjustment => "ADJUSTMENT",
    }
}

/// What some entries come to: how many, units out, units in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum(pub i64, pub i64, pub i64);

impl Sum {
    pub fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Self {
        entries.fold(Self::default(), |Self(count, out, back), entry| {
            let units = i64::from(entry.quantity_trade);
            Self(count + 1, out + units.max(0), back + (-units).max(0))
        })
    }

    /// As an answer tells it.
    pub fn told(node: &Value) -> Self {
        let sum =
            Self(number(&node["entryCount"]), number(&node["unitsOut"]), number(&node["unitsIn"]));
        assert_eq!(number(&node["net"]), sum.1 - sum.2, "{node}");
        sum
    }
}

/// A whole number of 64 bits.
pub fn number(value: &Value) -> i64 {
    value.as_str().unwrap_or_else(|| panic!("no number: {value}")).parse().unwrap()
}

/// The nodes of all the pages of a connection, one after the other, none of which has more than it may.
/// The document asks for `nodes` and `pageInfo`, and takes `$first` and `$after`.
pub async fn all_pages(
    shop: &Shop,
    caller: &Caller,
    query: &str,
    mut variables: Value,
    (first, connection): (usize, &str),
) -> Vec<Value> {
    let mut nodes = Vec::new();
    variables["first"] = json!(first);
    loop {
        let answer = shop.ask(caller, query, variables.clone()).await;
        assert!(answer.0.get("errors").is_none(), "{query} {variables}: {}", answer.0);
        let page = answer.at(connection);
        let found = page["nodes"].as_array().unwrap_or_else(|| panic!("{}", answer.0));
        assert!(found.len() <= first, "{} of {first}", found.len());
        nodes.extend(found.iter().cloned());
        if page["pageInfo"]["hasNextPage"] != true {
            return nodes;
        }
        let cursor = page["pageInfo"]["endCursor"].clone();
        assert!(cursor.is_string() && cursor != variables["after"], "{page}");
        variables["after"] = cursor;
    }
}
