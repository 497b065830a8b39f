//! A deduction that is hopeless by a fresh copy is refused before it waits: as the ledger would
//! refuse it, never in place of an answer that there is already, and never for long.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream;
use serde_json::{Value, json};

use crate::servers::until;
use crate::support::metrics::{begun, waiting};
use crate::support::{Answer, TestDatabase, TestServer, codes, metric, on_each_database};

/// Copies refuse for as long as they may.
const FOR_LONG: [&str; 4] =
    ["--ledger-early-refusal-age-ms-max", "10000", "--cache-age-ms-max", "10000"];

const OFF: [&str; 2] = ["--ledger-early-refusal-age-ms-max", "0"];

/// The bound that holds unless somebody says otherwise.
const BOUND: Duration = Duration::from_millis(500);

async fn start(database: &TestDatabase, arguments: &[&str]) -> TestServer {
    TestServer::start_with(&database.url, arguments, &[]).await
}

fn unit(key: &str) -> Value {
    TestServer::deduction(key, 1001, 1)
}

fn cart(key: &str, lines: &[(i64, i32)]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(line, (sku_id, quantity))| {
            json!({
                "skuId": sku_id.to_string(),
                "orderDetailId": format!("line {line}"),
                "quantity": quantity,
            })
        })
        .collect();
    json!({ "lines": lines, "idempotencyKey": key })
}

async fn answer(server: &TestServer, mutation: &str, input: &Value) -> Answer {
    server.try_mutate(mutation, input.clone()).await.unwrap()
}

async fn buy(server: &TestServer, key: &str) -> Value {
    server.mutate("inventoryDeduct", unit(key)).await
}

fn is_refused_early(answer: &Answer) -> bool {
    answer.at("/extensions/read/source") == "CACHE"
}

async fn refused_early(server: &TestServer) -> u64 {
    metric(&server.metrics().await, "stockflow_ledger_refused_early_total")
}

/// The only unit goes to `buyer`, which the copy tells from then on.
async fn sell_out(server: &TestServer, buyer: &str) -> Value {
    server.create(1001, 1).await;
    let sold = buy(server, buyer).await;
    assert_eq!(codes(&sold), [""; 0]);
    sold
}

async fn refusals_are_those_of_the_ledger(database: &TestDatabase) {
    let (early, plain) = tokio::join!(start(database, &FOR_LONG), start(database, &OFF));
    sell_out(&early, "first").await;
    for (sku_id, quantity) in [(1002, 3), (1003, 100)] {
        early.create(sku_id, quantity).await;
    }
    let requests = [
        ("inventoryDeduct", unit("single")),
        ("inventoryDeduct", TestServer::deduction("too many", 1002, 4)),
        ("inventoryDeductBatch", cart("one line", &[(1001, 2)])),
        ("inventoryDeductBatch", cart("two at fault", &[(1001, 1), (1003, 5), (1002, 9)])),
        ("inventoryDeductBatch", cart("together", &[(1002, 2), (1003, 1), (1002, 2), (1002, 1)])),
    ];
    for (refused, (mutation, input)) in (1..).zip(&requests) {
        let told = answer(&early, mutation, input).await;
        let by_the_ledger = answer(&plain, mutation, input).await;
        assert!(is_refused_early(&told), "{}", told.0);
        assert_eq!(by_the_ledger.at("/extensions/read/source"), "PRIMARY");
        assert_eq!(told.field(), by_the_ledger.field());
        let mut codes = codes(told.field());
        codes.dedup();
        assert_eq!(codes, ["INSUFFICIENT_STOCK"], "{}", told.0);
        assert_eq!(refused_early(&early).await, refused);
    }
    assert_eq!(refused_early(&plain).await, 0, "it is switched off");
    // A line that is at fault for another reason is the ledger's to judge.
    let told = answer(&early, "inventoryDeductBatch", &cart("unknown", &[(1001, 1), (9, 1)])).await;
    assert_eq!(codes(told.field()), ["INSUFFICIENT_STOCK", "SKU_NOT_FOUND"], "{}", told.0);
    assert_eq!(told.at("/extensions/read/source"), "PRIMARY");
}

async fn what_succeeded_before_is_answered_again(database: &TestDatabase) {
    let server = start(database, &FOR_LONG).await;
    for sku_id in [1001, 1002] {
        server.create(sku_id, 3).await;
    }
    let whole = cart("cart", &[(1001, 2), (1002, 3)]);
    let first_cart = server.mutate("inventoryDeductBatch", whole.clone()).await;
    let first = buy(&server, "first").await;
    let early = answer(&server, "inventoryDeduct", &unit("late")).await;
    assert!(is_refused_early(&early), "{}", early.0);

    for (mutation, input, first) in
        [("inventoryDeduct", unit("first"), first), ("inventoryDeductBatch", whole, first_cart)]
    {
        assert_eq!(codes(&first), [""; 0]);
        let mut again = server.mutate(mutation, input).await;
        assert_eq!(again["replayed"], true, "{again}");
        again["replayed"] = json!(false);
        assert_eq!(again, first);
    }
    for (mutation, input) in [
        ("inventoryDeduct", TestServer::deduction("first", 1001, 2)),
        ("inventoryDeduct", TestServer::deduction("first", 1002, 1)),
        ("inventoryDeduct", unit("cart")),
        ("inventoryDeductBatch", cart("cart", &[(1001, 2)])),
        ("inventoryDeductBatch", cart("first", &[(1001, 1)])),
    ] {
        let payload = server.mutate(mutation, input).await;
        assert_eq!(codes(&payload), ["IDEMPOTENCY_KEY_REUSED"], "{payload}");
    }
    assert_eq!(refused_early(&server).await, 1);
}

async fn who_replenishes_ends_the_refusals_at_once(database: &TestDatabase) {
    let server = start(database, &FOR_LONG).await;
    sell_out(&server, "first").await;
    for round in 0..10 {
        let late = answer(&server, "inventoryDeduct", &unit(&format!("late {round}"))).await;
        assert!(is_refused_early(&late), "{}", late.0);
        server.add_one(&format!("one more {round}"), 1001).await;
        assert_eq!(codes(&buy(&server, &format!("in time {round}")).await), [""; 0]);
    }
}

async fn a_retry_waits_for_its_first_attempt(database: &TestDatabase) {
    let alone = ["--ledger-lanes", "1", "--ledger-batch-max", "1"];
    let server = start(database, &[&FOR_LONG[..], &alone].concat()).await;
    sell_out(&server, "first").await;
    let input = cart("the same", &[(1001, 1), (1002, 1)]);
    server.create(1002, 1).await;
    let held = database.lock_stock(1001).await;
    // The one that is stuck adds what the two behind it want; by the copies they are hopeless.
    let stuck = server.add_one("one more", 1001);
    let behind_it = async {
        server.metrics_when(|text| begun(text) == 4).await;
        // Its first attempt is let in, for a token asks for what the copy does not have yet.
        let first = in_the_row(&server, &input);
        let retry = async {
            server.metrics_when(|text| waiting(text) == 1).await;
            let retry = server.try_mutate("inventoryDeductBatch", input.clone());
            let go_on = async {
                server.metrics_when(|text| waiting(text) == 2).await;
                held.rollback().await.unwrap();
            };
            tokio::join!(retry, go_on).0.unwrap()
        };
        tokio::join!(first, retry)
    };
    let (_added, (first, retry)) = tokio::join!(stuck, behind_it);
    assert_eq!(codes(first.field()), [""; 0], "{}", first.0);
    assert_eq!(codes(retry.field()), [""; 0], "{}", retry.0);
    assert_eq!(retry.field()["replayed"], true);
    let ids = |answer: &Answer| {
        let flows = answer.field()["flows"].as_array().unwrap().clone();
        flows.iter().map(|flow| flow["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&retry), ids(&first));
    assert_eq!(refused_early(&server).await, 0);
}

/// Sends a cart with a token of a version that comes next.
async fn in_the_row(server: &TestServer, input: &Value) -> Answer {
    let mutation = "mutation($input: InventoryDeductBatchInput!) { inventoryDeductBatch(input: \
                    $input) { flows { id } replayed userErrors { code } } }";
    let variables = json!({ "input": input });
    server.post_after(Some("v1.1001-3"), mutation, variables).await.unwrap().1
}

async fn many_who_are_too_late_share_their_lookups(database: &TestDatabase) {
    let server = start(database, &FOR_LONG).await;
    sell_out(&server, "first").await;
    let numbers = async || {
        let text = server.metrics().await;
        [
            "ledger_refused_early_total",
            "ledger_early_lookup_keys_sum",
            "ledger_early_lookup_keys_count",
            "db_reads_total{source=\"primary\"}",
            "ledger_commands_total{outcome=\"refused\"}",
        ]
        .map(|name| metric(&text, &format!("stockflow_{name}")))
    };
    let before = numbers().await;
    let buyers = stream::iter(0..2_000).map(|buyer| {
        let server = &server;
        async move { buy(server, &format!("buyer {buyer}")).await }
    });
    let mut buyers = buyers.buffer_unordered(128);
    while let Some(payload) = buyers.next().await {
        assert_eq!(codes(&payload), ["INSUFFICIENT_STOCK"]);
    }
    let after = numbers().await;
    let [early, keys, statements, reads, by_the_ledger] =
        std::array::from_fn(|number| after[number] - before[number]);
    assert_eq!(early + by_the_ledger, 2_000);
    assert_eq!(keys, early);
    assert_eq!(statements, reads);
    // How many share one depends on how long it takes.
    assert!(statements < keys, "{statements} statements for {keys} keys");
}

async fn a_flash_sale_sells_what_there_is_and_answers_retries_alike(database: &TestDatabase) {
    let server = start(database, &[]).await;
    server.create(1001, 100).await;
    let buyers = (0..400).map(|buyer| {
        let server = &server;
        async move {
            let key = format!("buyer {buyer}");
            let mut bought = None;
            for _attempt in 0..3 {
                let payload = buy(server, &key).await;
                match codes(&payload)[..] {
                    [] => {
                        let flow = payload["flow"].clone();
                        assert_eq!(payload["replayed"], bought.is_some(), "{payload}");
                        assert_eq!(*bought.get_or_insert(flow.clone()), flow, "{payload}");
                    }
                    ["INSUFFICIENT_STOCK"] => assert_eq!(bought, None, "{key} had bought"),
                    _ => panic!("{payload}"),
                }
            }
            bought.is_some()
        }
    });
    let bought = join_all(buyers).await;
    assert_eq!(bought.iter().filter(|bought| **bought).count(), 100);
    assert_eq!(server.left(1001).await, 0);
    assert_ne!(refused_early(&server).await, 0);
}

async fn a_replenishment_elsewhere_ends_the_refusals_within_the_bound(database: &TestDatabase) {
    let (writer, other) = tokio::join!(start(database, &[]), start(database, &[]));
    sell_out(&writer, "first").await;
    for round in 0..3 {
        let mut attempt = 0;
        let mut key = || {
            attempt += 1;
            format!("round {round} attempt {attempt}")
        };
        until("the other server refused early", async || {
            is_refused_early(&answer(&other, "inventoryDeduct", &unit(&key())).await)
        })
        .await;
        writer.add_one(&format!("one more {round}"), 1001).await;
        let acknowledged = Instant::now();
        until("the other server sold it", async || {
            let sent = Instant::now();
            let payload = buy(&other, &key()).await;
            let bought = codes(&payload).is_empty();
            assert!(bought || sent <= acknowledged + BOUND, "{payload}");
            bought
        })
        .await;
    }
    assert_ne!(refused_early(&other).await, 0);
}

async fn who_knows_of_a_replenishment_elsewhere_is_not_refused(database: &TestDatabase) {
    let (writer, other) = tokio::join!(start(database, &[]), start(database, &FOR_LONG));
    sell_out(&writer, "first").await;
    for round in 0..10 {
        // The first of them is refused by the ledger, and leaves a copy.
        until("the other server refused early", async || {
            let key = format!("late {round}");
            is_refused_early(&answer(&other, "inventoryDeduct", &unit(&key)).await)
        })
        .await;
        let (_version, token) = writer.add_one(&format!("one more {round}"), 1001).await;
        let mutation = "mutation($input: InventoryDeductInput!) { inventoryDeduct(input: $input) \
                        { userErrors { code } } }";
        let variables = json!({ "input": unit(&format!("in time {round}")) });
        let told = other.post_after(Some(&token), mutation, variables).await.unwrap().1;
        assert_eq!(codes(told.field()), [""; 0], "{}", told.0);
    }
}

on_each_database!(
    refusals_are_those_of_the_ledger,
    what_succeeded_before_is_answered_again,
    who_replenishes_ends_the_refusals_at_once,
    a_retry_waits_for_its_first_attempt,
    many_who_are_too_late_share_their_lookups,
    a_flash_sale_sells_what_there_is_and_answers_retries_alike,
    a_replenishment_elsewhere_ends_the_refusals_within_the_bound,
    who_knows_of_a_replenishment_elsewhere_is_not_refused,
);
