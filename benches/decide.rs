//! What it takes to decide a batch: the part of a transaction that waits for nobody.
//!
//! `cargo bench --bench decide` measures; the books are what a batch of its kind reads.

#![expect(clippy::unwrap_used, reason = "what it decides about is made up here")]

use std::collections::HashMap;
use std::hint::black_box;

use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mimalloc::MiMalloc;
use stockflow::domain::request::{DeductRequest, Envelope};
use stockflow::domain::{
    Command, Fingerprint, Flow, FlowId, FlowKind, Inventory, MerchantId, SkuId, Visibility,
};
use stockflow::ledger::books::Books;
use stockflow::ledger::decide::{Plan, Verdict, decide};

/// The server's own allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Commands of a batch of single deductions.
const COMMANDS: u64 = 128;

const SKUS: u64 = 1_000;

/// Carts of a batch, and lines of each.
const CARTS: u64 = 50;
const LINES: u64 = 10;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_764_000_000_000_000).unwrap()
}

/// SKUs that are far apart, none of them twice among a thousand.
fn scattered(number: u64) -> u64 {
    number.wrapping_mul(367) % SKUS
}

fn envelope(number: u64) -> Envelope {
    Envelope {
        scope: "anonymous".to_owned(),
        actor: "anonymous".to_owned(),
        visibility: Visibility::All,
        idempotency_key: format!("checkout-7f3a9c52d1e84b06-{number}"),
        reason: None,
    }
}

fn request(sku_id: u64) -> DeductRequest {
    DeductRequest {
        sku_id: sku_id.to_string(),
        order_detail_id: "order-7f3a9c52d1e84b06-line-1".to_owned(),
        quantity: 1,
    }
}

fn deductions(sku_id: impl Fn(u64) -> u64) -> Vec<Command> {
    let deduct =
        |number| Command::deduct(envelope(number), &request(sku_id(number).wrapping_add(1)));
    (0..COMMANDS).map(|number| deduct(number).unwrap()).collect()
}

fn carts() -> Vec<Command> {
    let cart = |number: u64| {
        let first = number.wrapping_mul(LINES);
        let lines = (first..).take(usize::try_from(LINES).unwrap());
        let requests: Vec<_> = lines.map(|line| request(scattered(line).wrapping_add(1))).collect();
        Command::deduct_batch(envelope(number), &requests)
    };
    (0..CARTS).map(|number| cart(number).unwrap()).collect()
}

/// The stocks that the commands name.
fn books(commands: &[Command]) -> Books {
    let stock = |sku_id| Inventory {
        sku_id,
        merchant_id: MerchantId::DEFAULT,
        leaved_amount: 1_000_000,
        version: 7,
        created_at: now(),
        updated_at: now(),
    };
    let sku_ids = commands.iter().flat_map(|command| command.operation.sku_ids());
    Books { stocks: sku_ids.map(|sku_id| (sku_id, stock(sku_id))).collect(), ..Books::default() }
}

/// The same, once the commands have been carried out.
fn books_after(commands: &[Command]) -> Books {
    let entry = |sequence: i64, command: &Command| Flow {
        id: FlowId(sequence),
        sku_id: SkuId(1),
        merchant_id: MerchantId::DEFAULT,
        sequence,
        kind: FlowKind::Deduction,
        order_detail_id: Some("order-7f3a9c52d1e84b06-line-1".to_owned()),
        quantity_trade: 1,
        leaved_after: 999_000,
        deduction_id: None,
        idempotency_scope: command.scope.clone(),
        idempotency_key: command.key.as_str().to_owned(),
        line: 0,
        request_hash: Fingerprint::of(command).0,
        actor: command.actor.clone(),
        reason: None,
        created_at: now(),
        entry_hash: None,
    };
    let written: HashMap<_, _> = (1..)
        .zip(commands)
        .map(|(sequence, command)| {
            let key = (command.scope.clone(), command.key.as_str().to_owned());
            (key, vec![entry(sequence, command)])
        })
        .collect();
    Books { written, ..books(commands) }
}

/// Measures one kind of batch, once it is known to be decided as it should be.
fn measure(
    criterion: &mut Criterion,
    name: &str,
    (commands, books): (&[Command], &Books),
    as_meant: fn(&Verdict) -> bool,
) {
    let plan = decide(commands, books, now());
    assert!(plan.verdicts.iter().all(as_meant), "{name}: {plan:?}");
    let mut group = criterion.benchmark_group("decide");
    group.throughput(Throughput::Elements(u64::try_from(commands.len()).unwrap()));
    group.bench_function(name, |bencher| {
        bencher.iter(|| -> Plan { decide(black_box(commands), black_box(books), now()) });
    });
    group.finish();
}

fn batches(criterion: &mut Criterion) {
    let written = |verdict: &Verdict| matches!(verdict, Verdict::Write(_));
    let replayed = |verdict: &Verdict| matches!(verdict, Verdict::Replay(_));
    let hot = deductions(|_number| 0);
    let spread = deductions(scattered);
    let carts = carts();
    measure(criterion, "128 deductions of one SKU", (&hot, &books(&hot)), written);
    measure(criterion, "128 deductions over 1,000 SKUs", (&spread, &books(&spread)), written);
    measure(criterion, "50 carts of 10 lines", (&carts, &books(&carts)), written);
    measure(criterion, "128 replays", (&hot, &books_after(&hot)), replayed);
}

criterion_group!(benches, batches);
criterion_main!(benches);
