//! Several lanes, on one server: whatever is prepared while something else is being committed,
//! each gets what it is told, in the order in which it came.

use std::collections::BTreeMap;
use std::future::Future as _;
use std::task::{Context, Waker};

use futures_util::future::{join_all, maybe_done};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use serde_json::{Value, json};
use stockflow::domain::{Command, Outcome};
use stockflow::ledger::{Ledger, LedgerSettings};

use crate::support::{TestDatabase, TestServer, codes, ledger, on_each_database};

/// Small batches, so that there are many of them, and several are under way at once.
const MANY_LANES: [&str; 4] = ["--ledger-lanes", "4", "--ledger-batch-max", "12"];

fn many_lanes() -> LedgerSettings {
    LedgerSettings { lanes: 4, batch_max: 5, ..LedgerSettings::default() }
}

/// Dice that fall the same way each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from((self.0 >> 33) % sides).unwrap()
    }
}

/// A mutation and its input.
type Ask = (&'static str, Value);

fn deduct(key: &str, sku_id: i64, quantity: i32) -> Ask {
    ("inventoryDeduct", TestServer::deduction(key, sku_id, quantity))
}

fn cart(key: &str, sku_ids: &[i64]) -> Ask {
    let lines = sku_ids.iter().map(
        |sku_id| json!({ "skuId": sku_id.to_string(), "orderDetailId": "order", "quantity": 1 }),
    );
    ("inventoryDeductBatch", json!({ "lines": lines.collect::<Vec<_>>(), "idempotencyKey": key }))
}

/// Asks all of them at once, and answers their payloads. None may have failed.
async fn ask_all(server: &TestServer, asks: &[Ask]) -> Vec<Value> {
    let answers = asks.iter().map(|(mutation, input)| server.mutate(mutation, input.clone()));
    join_all(answers).await
}

/// The entries that a payload tells of.
fn flows(payload: &Value) -> Vec<&Value> {
    let one = payload.get("flow").filter(|flow| flow.is_object());
    one.into_iter().chain(payload["flows"].as_array().into_iter().flatten()).collect()
}

async fn a_crowd_gets_what_it_is_told_and_no_more_than_there_is(database: &TestDatabase) {
    let server = TestServer::start_with(&database.url, &MANY_LANES, &[]).await;
    let (hot, cold, scarce) = (1, [2, 3, 4, 5], 6);
    let opened = |sku_id| if sku_id == scarce { 20 } else { 10_000 };
    for sku_id in 1..=6 {
        server.create(sku_id, opened(sku_id)).await;
    }
    let sales: Vec<Ask> =
        (0..20).map(|sale| deduct(&format!("sale {sale}"), 1 + sale % 5, 4)).collect();
    let sold = ask_all(&server, &sales).await;

    let mut dice = Dice(7);
    let asks = (0..240).map(|number| {
        let key = format!("ask {number}");
        match dice.throw(8) {
            0..=2 => deduct(&key, hot, 1),
            3 => deduct(&key, cold[dice.throw(4)], 2),
            4 => cart(&key, &[hot, cold[0], cold[1]]),
            5 => cart(&key, &[cold[1], cold[0], hot]),
            6 => deduct(&key, scarce, 1),
            _ => {
                let flow_id = &sold[dice.throw(20)]["flow"]["id"];
                let input = json!({ "flowId": flow_id, "quantity": 3, "idempotencyKey": key });
                ("inventoryRefund", input)
            }
        }
    });
    let asks: Vec<Ask> = asks.collect();
    let payloads = ask_all(&server, &asks).await;

    let mut taken: BTreeMap<i64, i64> = BTreeMap::new();
    for flow in sold.iter().chain(&payloads).flat_map(flows) {
        let sku_id = flow["skuId"].as_str().unwrap().parse().unwrap();
        *taken.entry(sku_id).or_default() += flow["quantityTrade"].as_i64().unwrap();
    }
    for sku_id in 1..=6 {
        let left = i64::from(opened(sku_id)) - taken[&sku_id];
        assert_eq!(server.left(sku_id).await, left, "of SKU {sku_id}");
    }
    for ((mutation, input), payload) in asks.iter().zip(&payloads) {
        let may_be_refused = match *mutation {
            "inventoryRefund" => "REFUND_EXCEEDS_DEDUCTED",
            _ if input["skuId"] == "6" => "INSUFFICIENT_STOCK",
            _ => "nothing",
        };
        let refused = codes(payload);
        assert!(refused.is_empty() || refused == [may_be_refused], "{input}: {payload}");
    }
    assert_eq!(taken[&scarce], 20, "more wanted it than there were");
}

/// The lane that is at work on the one SKU and that on the other cannot see what the other writes.
async fn a_key_used_for_two_skus_at_the_same_moment_is_used_once(database: &TestDatabase) {
    let server = TestServer::start_with(&database.url, &MANY_LANES, &[]).await;
    for sku_id in 1..=4 {
        server.create(sku_id, 1_000).await;
    }
    let asks: Vec<Ask> = (0..40)
        .flat_map(|pair| {
            let key = format!("pair {pair}");
            let (one, other) = (1 + pair % 4, 1 + (pair + 1 + pair % 3) % 4);
            [deduct(&key, one, 1), deduct(&key, other, 1)]
        })
        .collect();
    // So that the two of a pair meet in different batches as often as in one.
    let (ones, others): (Vec<_>, Vec<_>) =
        asks.into_iter().enumerate().partition(|(place, _ask)| place % 2 == 0);
    let asks: Vec<Ask> = ones.into_iter().chain(others).map(|(_place, ask)| ask).collect();
    let payloads = ask_all(&server, &asks).await;
    let (ones, others) = payloads.split_at(40);
    for (one, other) in ones.iter().zip(others) {
        let mut told = [codes(one), codes(other)];
        told.sort();
        assert_eq!(told, [vec![], vec!["IDEMPOTENCY_KEY_REUSED"]], "{one} {other}");
    }
}

/// Submits the commands in this order, each before the first of them is awaited.
async fn in_order(ledger: &Ledger, commands: &[Command]) -> Vec<Outcome> {
    let submitted = commands.iter().map(|command| ledger.submit(command.clone()));
    let mut submitted: Vec<_> = submitted.map(maybe_done).map(Box::pin).collect();
    for place in &mut submitted {
        // It joins the row as it is polled first.
        let _joined = place.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    for place in &mut submitted {
        place.as_mut().await;
    }
    submitted.iter_mut().map(|place| place.as_mut().take_output().unwrap().unwrap()).collect()
}

async fn within_a_sku_the_first_to_come_is_the_first_to_be_served(database: &TestDatabase) {
    let ledger = ledger::start_with(database.connect().await, many_lanes());
    for sku_id in 1..=5 {
        let create = ledger::create(&format!("create {sku_id}"), sku_id, 10_000);
        ledger::done(ledger.submit(create).await.unwrap());
    }
    let commands: Vec<Command> = (0..200)
        .flat_map(|number| {
            let key = |what: &str| format!("{what} {number}");
            let other = 3 + number % 3;
            let hot = ledger::deduct(&key("hot"), 1, 1);
            match number % 8 {
                0 => vec![hot, ledger::cart(&key("cart"), &[(1, 1), (2, 1)])],
                2 => vec![hot, ledger::deduct(&key("cold"), 2, 1)],
                4 => vec![hot, ledger::cart(&key("cart"), &[(2, 1), (other, 1), (1, 1)])],
                _ => vec![hot, ledger::deduct(&key("other"), other, 1)],
            }
        })
        .collect();
    let outcomes = in_order(&ledger, &commands).await;
    let mut served: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for flow in outcomes.into_iter().flat_map(|outcome| ledger::done(outcome).0) {
        served.entry(flow.sku_id.0).or_default().push(flow.sequence);
    }
    for (sku_id, sequences) in served {
        assert!(sequences.is_sorted(), "SKU {sku_id}, as they came: {sequences:?}");
    }
}

/// Deductions that are under way at any moment: so many of the hot SKU, so many of the cold one.
const UNDER_WAY: [(i64, u64); 2] = [(1, 50), (2, 10)];

async fn a_cart_over_a_hot_and_a_cold_sku_is_not_passed_over(database: &TestDatabase) {
    let ledger = ledger::start_with(database.connect().await, many_lanes());
    for sku_id in 1..=2 {
        let create = ledger::create(&format!("create {sku_id}"), sku_id, 1_000_000);
        ledger::done(ledger.submit(create).await.unwrap());
    }
    let mut number = 0;
    let mut buy = |sku_id| {
        number += 1;
        let (ledger, command) = (ledger.clone(), ledger::deduct(&number.to_string(), sku_id, 1));
        async move {
            ledger::done(ledger.submit(command).await.unwrap());
            sku_id
        }
    };
    let mut buyers: FuturesUnordered<_> = UNDER_WAY
        .into_iter()
        .flat_map(|(sku_id, buyers)| (0..buyers).map(move |_buyer| sku_id))
        .map(&mut buy)
        .collect();
    for round in 0..5 {
        // Wherever in a batch the lanes may be.
        for _sale in 0..30 + round {
            let sku_id = buyers.next().await.unwrap();
            buyers.push(buy(sku_id));
        }
        let under_way = buyers.len();
        let mut cart =
            Box::pin(ledger.submit(ledger::cart(&format!("cart {round}"), &[(1, 1), (2, 1)])));
        let mut served_meanwhile = 0;
        let outcome = loop {
            tokio::select! {
                biased;
                outcome = &mut cart => break outcome,
                Some(sku_id) = buyers.next() => {
                    served_meanwhile += 1;
                    assert!(served_meanwhile <= 2 * under_way, "the cart is passed over");
                    buyers.push(buy(sku_id));
                }
            }
        };
        ledger::done(outcome.unwrap());
    }
    while buyers.next().await.is_some() {}
}

on_each_database!(
    a_crowd_gets_what_it_is_told_and_no_more_than_there_is,
    a_key_used_for_two_skus_at_the_same_moment_is_used_once,
    within_a_sku_the_first_to_come_is_the_first_to_be_served,
    a_cart_over_a_hot_and_a_cold_sku_is_not_passed_over,
);
