//! Has the ledger carry the plan out, by a clock of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;

use super::step::{Act, OrderLine, Step};
use crate::cache::StockCache;
use crate::cli::{Failure, start};
use crate::config::Settings;
use crate::db::Database;
use crate::domain::command::Checked;
use crate::domain::request::{
    CreateRequest, DeductRequest, Envelope, RefundRequest, SetQuantityRequest, StockRequest,
};
use crate::domain::{Clock, Command, Flow, FlowId, MerchantId, Outcome, Visibility};
use crate::ledger::{Ledger, LedgerMetrics};

/// Carries the steps out, and tells how many entries that made.
///
/// # Errors
///
/// [`Failure`] when one of them was not carried out.
pub(super) async fn write(
    database: &Database,
    settings: &Settings,
    steps: Vec<Step>,
) -> Result<usize, Failure> {
    let now_us = Arc::new(AtomicI64::new(0));
    let hand = Arc::clone(&now_us);
    let clock = Clock::from_fn(move || {
        DateTime::from_timestamp_micros(hand.load(Ordering::Relaxed)).unwrap_or_default()
    });
    let (ledger, lanes) =
        start::ledger(database, StockCache::none(), settings, clock, &LedgerMetrics::new())?;
    let written = carry_out(&ledger, &now_us, &steps).await;
    drop(ledger);
    start::drain(lanes).await;
    written
}

async fn carry_out(ledger: &Ledger, now_us: &AtomicI64, steps: &[Step]) -> Result<usize, Failure> {
    let mut deductions: HashMap<String, FlowId> = HashMap::new();
    let mut entries = 0_usize;
    // What happens at one instant concerns different SKUs, and may go into one batch.
    for instant in steps.chunk_by(|one, next| one.at == next.at) {
        let at: DateTime<Utc> = instant.first().map(|step| step.at).unwrap_or_default();
        now_us.store(at.timestamp_micros(), Ordering::Relaxed);
        let written = instant.iter().map(|step| submit(ledger, step, &deductions));
        for flow in try_join_all(written).await?.into_iter().flatten() {
            entries = entries.saturating_add(1);
            if let Some(order_detail_id) = flow.order_detail_id.filter(|_| flow.quantity_trade > 0)
            {
                deductions.insert(order_detail_id, flow.id);
            }
        }
    }
    Ok(entries)
}

async fn submit(
    ledger: &Ledger,
    step: &Step,
    deductions: &HashMap<String, FlowId>,
) -> Result<Vec<Flow>, Failure> {
    let key = &step.key;
    let failed = |why: String| Failure::new(format!("--demo could not write {key}: {why}"));
    let command = command(step, deductions).map_err(|refusals| failed(format!("{refusals:?}")))?;
    match ledger.submit(command).await {
        Ok(Outcome::Done { receipt, .. }) => {
            Ok(receipt.into_iter().map(|line| line.flow).collect())
        }
        Ok(Outcome::Refused(refusals)) => {
            let told = refusals.iter().map(|refusal| refusal.violation.to_string());
            Err(failed(told.collect::<Vec<_>>().join("; ")))
        }
        Err(error) => Err(Failure::broke(&format!("--demo could not write {key}"), &error)),
    }
}

fn command(step: &Step, deductions: &HashMap<String, FlowId>) -> Checked {
    let envelope = Envelope {
        scope: step.actor.to_owned(),
        actor: step.actor.to_owned(),
        visibility: Visibility::All,
        idempotency_key: step.key.clone(),
        reason: step.reason.clone(),
    };
    let stock = |sku_id: i64, quantity| StockRequest { sku_id: sku_id.to_string(), quantity };
    match &step.act {
        Act::Open { sku_id, quantity } => {
            let new = CreateRequest {
                sku_id: sku_id.to_string(),
                merchant_id: None,
                merchant_by_default: Some(MerchantId::DEFAULT),
                quantity: *quantity,
            };
            Command::create(envelope, &new)
        }
        Act::Replenish { sku_id, quantity } => {
            Command::replenish(envelope, &stock(*sku_id, *quantity))
        }
        Act::Order { lines } => match lines.as_slice() {
            [line] => Command::deduct(envelope, &deduct(line)),
            lines => {
                let lines: Vec<DeductRequest> = lines.iter().map(deduct).collect();
                Command::deduct_batch(envelope, &lines)
            }
        },
        Act::Refund { order_detail_id, quantity } => {
            let flow_id = deductions.get(order_detail_id).map(ToString::to_string);
            let flow_id = flow_id.unwrap_or_default();
            Command::refund(envelope, &RefundRequest { flow_id, quantity: Some(*quantity) })
        }
        Act::Count { sku_id, counted, believed } => Command::set_quantity(
            envelope,
            &SetQuantityRequest {
                sku_id: sku_id.to_string(),
                quantity: *counted,
                change_from_quantity: Some(Some(*believed)),
            },
        ),
    }
}

fn deduct(line: &OrderLine) -> DeductRequest {
    DeductRequest {
        sku_id: line.sku_id.to_string(),
        order_detail_id: line.order_detail_id.clone(),
        quantity: line.quantity,
    }
}
