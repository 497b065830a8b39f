//! Many at once, over one server and over several: exactly what is there is sold, exactly what was
//! taken is given back, and no contention of ours reaches a client.

use futures_util::future::join_all;
use stockflow::domain::{Outcome, Violation};
use stockflow::ledger::Ledger;

use crate::support::{TestDatabase, ledger, on_each_database};

/// As many servers over one database, each with its own ledger.
async fn servers(database: &TestDatabase, count: usize) -> Vec<Ledger> {
    join_all((0..count).map(|_server| ledger::start(database))).await
}

fn sold(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done { replayed: false, .. })
}

async fn two_hundred_buyers_for_a_hundred_units_buy_exactly_a_hundred(database: &TestDatabase) {
    let servers = servers(database, 3).await;
    ledger::done(servers[0].submit(ledger::create("create", 1, 100)).await.unwrap());
    let buyers = (0..200).map(|buyer| {
        let server = servers[buyer % servers.len()].clone();
        tokio::spawn(async move {
            server.submit(ledger::deduct(&format!("buyer {buyer}"), 1, 1)).await.unwrap()
        })
    });
    let outcomes: Vec<Outcome> = join_all(buyers).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| sold(outcome)).count(), 100);
    for outcome in outcomes.into_iter().filter(|outcome| !sold(outcome)) {
        let none_left = Violation::InsufficientStock {
            sku_id: stockflow::domain::SkuId(1),
            requested: 1,
            available: 0,
        };
        assert_eq!(ledger::refused(outcome), [none_left]);
    }
}

async fn carts_in_opposite_order_never_surface_a_deadlock(database: &TestDatabase) {
    let servers = servers(database, 3).await;
    for sku_id in 1..=6 {
        let create = ledger::create(&format!("create {sku_id}"), sku_id, 1_000);
        ledger::done(servers[0].submit(create).await.unwrap());
    }
    let carts = (0..120).map(|cart| {
        let server = servers[cart % servers.len()].clone();
        let mut lines: Vec<(i64, i32)> = (1..=6).map(|sku_id| (sku_id, 1)).collect();
        if cart % 2 == 1 {
            lines.reverse();
        }
        lines.rotate_left(cart % 6);
        tokio::spawn(async move {
            server.submit(ledger::cart(&format!("cart {cart}"), &lines)).await.unwrap()
        })
    });
    for outcome in join_all(carts).await {
        assert!(sold(&outcome.unwrap()));
    }
}

async fn concurrent_refunds_of_one_deduction_never_exceed_it(database: &TestDatabase) {
    let servers = servers(database, 3).await;
    ledger::done(servers[0].submit(ledger::create("create", 1, 50)).await.unwrap());
    let deduct = servers[0].submit(ledger::deduct("deduct", 1, 20)).await.unwrap();
    let flow_id = ledger::done(deduct).0[0].id;
    let refunds = (0..60).map(|refund| {
        let server = servers[refund % servers.len()].clone();
        tokio::spawn(async move {
            let command = ledger::refund(&format!("refund {refund}"), flow_id, Some(1));
            server.submit(command).await.unwrap()
        })
    });
    let outcomes = join_all(refunds).await;
    let given_back = outcomes.iter().filter(|outcome| sold(outcome.as_ref().unwrap())).count();
    assert_eq!(given_back, 20);
}

async fn concurrent_requests_of_one_key_write_once(database: &TestDatabase) {
    let servers = servers(database, 3).await;
    ledger::done(servers[0].submit(ledger::create("create", 1, 50)).await.unwrap());
    let requests = (0..40).map(|request| {
        let server = servers[request % servers.len()].clone();
        tokio::spawn(async move { server.submit(ledger::deduct("the same", 1, 5)).await.unwrap() })
    });
    let outcomes: Vec<_> = join_all(requests)
        .await
        .into_iter()
        .map(|outcome| ledger::done(outcome.unwrap()))
        .collect();
    assert_eq!(outcomes.iter().filter(|(_flows, replayed)| !replayed).count(), 1);
    assert!(outcomes.iter().all(|(flows, _replayed)| *flows == outcomes[0].0));
}

async fn one_key_over_different_skus_on_two_servers_is_used_once(database: &TestDatabase) {
    let servers = servers(database, 2).await;
    for sku_id in 1..=2 {
        let create = ledger::create(&format!("create {sku_id}"), sku_id, 50);
        ledger::done(servers[0].submit(create).await.unwrap());
    }
    for round in 0..10 {
        let key = format!("round {round}");
        let (one, other) = tokio::join!(
            servers[0].submit(ledger::deduct(&key, 1, 1)),
            servers[1].submit(ledger::deduct(&key, 2, 1)),
        );
        let outcomes = [one.unwrap(), other.unwrap()];
        assert_eq!(outcomes.iter().filter(|outcome| sold(outcome)).count(), 1, "{outcomes:?}");
        for outcome in outcomes.into_iter().filter(|outcome| !sold(outcome)) {
            assert_eq!(ledger::refused(outcome), [Violation::IdempotencyKeyReused]);
        }
    }
}

async fn one_sku_created_on_two_servers_is_created_once(database: &TestDatabase) {
    let servers = servers(database, 2).await;
    for sku_id in 1..=10 {
        let (one, other) = tokio::join!(
            servers[0].submit(ledger::create(&format!("one {sku_id}"), sku_id, 1)),
            servers[1].submit(ledger::create(&format!("other {sku_id}"), sku_id, 2)),
        );
        let outcomes = [one.unwrap(), other.unwrap()];
        assert_eq!(outcomes.iter().filter(|outcome| sold(outcome)).count(), 1, "{outcomes:?}");
    }
}

on_each_database!(
    two_hundred_buyers_for_a_hundred_units_buy_exactly_a_hundred,
    carts_in_opposite_order_never_surface_a_deadlock,
    concurrent_refunds_of_one_deduction_never_exceed_it,
    concurrent_requests_of_one_key_write_once,
    one_key_over_different_skus_on_two_servers_is_used_once,
    one_sku_created_on_two_servers_is_created_once,
);
