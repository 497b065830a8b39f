//! Many at once, over one server and over several: exactly what is there is sold, exactly what was
//! taken is given back, and no contention of ours reaches a client.

use futures_util::future::join_all;
use serde_json::json;
use stockflow::domain::{Command, Outcome, Violation};
use stockflow::ledger::Ledger;

use crate::support::{TestDatabase, TestServer, codes, ledger, on_each_database};

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

/// An overflow, a refund of too much, and a key that another server takes at the same moment: in
/// the same batches as what can be carried out. Each server sells SKUs of its own, so that no lock
/// keeps the two from meeting over the key.
async fn what_cannot_be_carried_out_costs_its_neighbours_nothing(database: &TestDatabase) {
    let servers = servers(database, 2).await;
    let sku_id = |server: usize| 1 + 10 * i64::try_from(server).unwrap();
    let mut sold_before = Vec::new();
    for (server, ledger) in servers.iter().enumerate() {
        for sku_id in sku_id(server)..=sku_id(server) + 1 {
            let create = ledger::create(&format!("create {sku_id}"), sku_id, 1_000);
            ledger::done(ledger.submit(create).await.unwrap());
        }
        database.fill_up(sku_id(server) + 1, 5).await;
        let deduct = ledger::deduct(&format!("deduct {server}"), sku_id(server), 1);
        sold_before.push(ledger::done(ledger.submit(deduct).await.unwrap()).0[0].id);
    }
    for round in 0..8 {
        let commands = |server: usize| {
            let (one, full) = (sku_id(server), sku_id(server) + 1);
            let key = |what: &str| format!("{what} {round} {server}");
            let mut commands: Vec<Command> = (0..6)
                .map(|buyer| ledger::deduct(&key(&format!("buyer {buyer}")), one, 1))
                .chain((0..6).map(|cart| {
                    ledger::cart(&key(&format!("cart {cart}")), &[(full, 1), (one, 1)])
                }))
                .collect();
            commands.insert(4, ledger::replenish(&key("overflow"), full, 1_000_000));
            commands.insert(8, ledger::refund(&key("too much"), sold_before[server], Some(2)));
            commands.push(ledger::deduct(&format!("taken twice {round}"), one, 1));
            commands
        };
        let asked = servers.iter().enumerate().map(|(server, ledger)| {
            join_all(commands(server).into_iter().map(|command| ledger.submit(command)))
        });
        let mut taken_twice = Vec::new();
        for outcomes in join_all(asked).await {
            let mut outcomes: Vec<Outcome> = outcomes.into_iter().map(Result::unwrap).collect();
            taken_twice.extend(outcomes.pop());
            let why = ledger::refused(outcomes.remove(8));
            assert!(matches!(why[..], [Violation::RefundExceedsDeducted { .. }]), "{why:?}");
            let why = ledger::refused(outcomes.remove(4));
            assert!(matches!(why[..], [Violation::QuantityOverflow { .. }]), "{why:?}");
            assert!(outcomes.iter().all(sold), "{outcomes:?}");
        }
        assert_eq!(taken_twice.iter().filter(|outcome| sold(outcome)).count(), 1, "{round}");
    }
}

/// The real program, so many times over one database: a deadlock that a client sees would be a
/// top-level error, and fail the request.
async fn sold_out_over(database: &TestDatabase, servers: usize) {
    // Small batches, so that there are many transactions to get in each other's way.
    let start = |_server| TestServer::start_with(&database.url, &["--ledger-batch-max", "8"], &[]);
    let servers: Vec<TestServer> = join_all((0..servers).map(start)).await;
    for (sku_id, quantity) in [(1, 100), (2, 1_000), (3, 1_000), (4, 1_000)] {
        servers[0].create(sku_id, quantity).await;
    }
    let server = |buyer: usize| &servers[buyer % servers.len()];
    let buyers = (0..256).map(|buyer| {
        let input = TestServer::deduction(&format!("buyer {buyer}"), 1, 1);
        server(buyer).mutate("inventoryDeduct", input)
    });
    let carts = (0..64).map(|cart| {
        let mut sku_ids = [2, 3, 4];
        if cart / servers.len() % 2 == 1 {
            sku_ids.reverse();
        }
        let lines = sku_ids.map(|sku_id| {
            json!({ "skuId": sku_id.to_string(), "orderDetailId": "order", "quantity": 1 })
        });
        let input = json!({ "lines": lines, "idempotencyKey": format!("cart {cart}") });
        server(cart).mutate("inventoryDeductBatch", input)
    });
    let (buyers, carts) = tokio::join!(join_all(buyers), join_all(carts));
    let bought = buyers.iter().filter(|payload| codes(payload).is_empty()).count();
    assert_eq!(bought, 100);
    assert!(buyers.iter().all(|payload| matches!(codes(payload)[..], [] | ["INSUFFICIENT_STOCK"])));
    assert!(carts.iter().all(|payload| codes(payload).is_empty()), "{carts:?}");
    for (sku_id, left) in [(1, 0), (2, 936), (3, 936), (4, 936)] {
        assert_eq!(servers[0].left(sku_id).await, left, "of SKU {sku_id}");
    }
}

async fn two_servers_sell_what_is_there_and_no_deadlock_is_seen(database: &TestDatabase) {
    sold_out_over(database, 2).await;
}

async fn four_servers_sell_what_is_there_and_no_deadlock_is_seen(database: &TestDatabase) {
    sold_out_over(database, 4).await;
}

on_each_database!(
    two_hundred_buyers_for_a_hundred_units_buy_exactly_a_hundred,
    carts_in_opposite_order_never_surface_a_deadlock,
    concurrent_refunds_of_one_deduction_never_exceed_it,
    concurrent_requests_of_one_key_write_once,
    one_key_over_different_skus_on_two_servers_is_used_once,
    one_sku_created_on_two_servers_is_created_once,
    what_cannot_be_carried_out_costs_its_neighbours_nothing,
    two_servers_sell_what_is_there_and_no_deadlock_is_seen,
    four_servers_sell_what_is_there_and_no_deadlock_is_seen,
);
