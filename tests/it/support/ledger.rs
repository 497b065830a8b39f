//! The ledger without a server around it, and commands for it.

use stockflow::cache::StockCache;
use stockflow::db::Database;
use stockflow::domain::request::{
    CreateRequest, DeductRequest, Envelope, RefundRequest, SetQuantityRequest, StockRequest,
};
use stockflow::domain::{Clock, Command, Flow, FlowId, MerchantId, Outcome, Violation, Visibility};
use stockflow::ledger::{Ledger, LedgerMetrics, LedgerSettings};

use super::TestDatabase;

/// How many lanes ledgers and servers have in this run: the suite must pass with one and with
/// many, and is run with each (see `tests/run`).
pub fn lanes() -> usize {
    let lanes = std::env::var("STOCKFLOW_TEST_LANES").ok();
    lanes.map_or(LedgerSettings::default().lanes, |lanes| lanes.parse().unwrap())
}

/// The defaults, but for the lanes of this run.
pub fn settings() -> LedgerSettings {
    LedgerSettings { lanes: lanes(), ..LedgerSettings::default() }
}

/// A ledger over a test's database, as a server would start it.
pub async fn start(database: &TestDatabase) -> Ledger {
    start_over(database.connect().await)
}

/// A ledger over a connected database.
pub fn start_over(database: Database) -> Ledger {
    start_with(database, settings())
}

/// A ledger with bounds of its own.
pub fn start_with(database: Database, settings: LedgerSettings) -> Ledger {
    let (cache, metrics) = (StockCache::none(), LedgerMetrics::new());
    Ledger::start(database, cache, settings, Clock::system(), metrics).unwrap().0
}

/// Everything that a request says besides what it wants.
pub fn envelope(key: &str) -> Envelope {
    Envelope {
        scope: "tests".to_owned(),
        actor: "tests".to_owned(),
        visibility: Visibility::All,
        idempotency_key: key.to_owned(),
        reason: None,
    }
}

pub fn create(key: &str, sku_id: i64, quantity: i32) -> Command {
    let request = CreateRequest {
        sku_id: sku_id.to_string(),
        merchant_id: None,
        merchant_by_default: Some(MerchantId::DEFAULT),
        quantity,
    };
    Command::create(envelope(key), &request).unwrap()
}

pub fn replenish(key: &str, sku_id: i64, quantity: i32) -> Command {
    let request = StockRequest { sku_id: sku_id.to_string(), quantity };
    Command::replenish(envelope(key), &request).unwrap()
}

pub fn set_quantity(key: &str, sku_id: i64, quantity: i32, from: Option<i32>) -> Command {
    let request = SetQuantityRequest {
        sku_id: sku_id.to_string(),
        quantity,
        change_from_quantity: Some(from),
    };
    Command::set_quantity(envelope(key), &request).unwrap()
}

fn deduct_request(sku_id: i64, quantity: i32) -> DeductRequest {
    DeductRequest {
        sku_id: sku_id.to_string(),
        order_detail_id: format!("order of {sku_id}"),
        quantity,
    }
}

pub fn deduct(key: &str, sku_id: i64, quantity: i32) -> Command {
    Command::deduct(envelope(key), &deduct_request(sku_id, quantity)).unwrap()
}

pub fn cart(key: &str, lines: &[(i64, i32)]) -> Command {
    let requests: Vec<_> =
        lines.iter().map(|(sku_id, quantity)| deduct_request(*sku_id, *quantity)).collect();
    Command::deduct_batch(envelope(key), &requests).unwrap()
}

pub fn refund(key: &str, flow_id: FlowId, quantity: Option<i32>) -> Command {
    let request = RefundRequest { flow_id: flow_id.to_string(), quantity };
    Command::refund(envelope(key), &request).unwrap()
}

pub fn refund_batch(key: &str, lines: &[(FlowId, Option<i32>)]) -> Command {
    let requests: Vec<_> = lines
        .iter()
        .map(|(flow_id, quantity)| RefundRequest {
            flow_id: flow_id.to_string(),
            quantity: *quantity,
        })
        .collect();
    Command::refund_batch(envelope(key), &requests).unwrap()
}

/// The entries of a command that was carried out, and whether that was earlier.
pub fn done(outcome: Outcome) -> (Vec<Flow>, bool) {
    match outcome {
        Outcome::Done { receipt, replayed } => {
            (receipt.into_iter().map(|line| line.flow).collect(), replayed)
        }
        Outcome::Refused(refusals) => panic!("refused: {refusals:?}"),
    }
}

/// Why a command was refused.
pub fn refused(outcome: Outcome) -> Vec<Violation> {
    match outcome {
        Outcome::Refused(refusals) => {
            refusals.into_iter().map(|refusal| refusal.violation).collect()
        }
        Outcome::Done { .. } => panic!("not refused: {outcome:?}"),
    }
}
