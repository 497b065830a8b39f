//! All of the lines, or none.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{deduction, each, outcomes, refusal, replenishment, together, try_many};
use crate::support::{TestDatabase, TestServer, codes, on_each_database};

async fn all_lines_are_carried_out_or_none(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    server.create(1002, 5).await;
    let bundle = |quantity| {
        [
            deduction("a", 1001, 4),
            deduction("b", 1002, 5),
            deduction("c", 1001, quantity),
            deduction("d", 1003, 1),
        ]
    };
    // Each line that falls short is told, behind what the others would have taken.
    let payload = together(&server, &bundle(7)).await;
    assert_eq!(outcomes(&payload), ["WITHHELD", "WITHHELD", "REFUSED", "REFUSED"]);
    let short = &payload["results"][2]["userErrors"][0];
    assert_eq!((&short["requested"], &short["available"]), (&json!(7), &json!(6)));
    assert_eq!(refusal(&payload, 3), ("SKU_NOT_FOUND", "input.lines.3.skuId".to_owned()));
    assert_eq!((server.left(1001).await, server.left(1002).await), (10, 5));

    server.create(1003, 1).await;
    let payload = together(&server, &bundle(6)).await;
    assert_eq!(outcomes(&payload), ["WRITTEN"; 4]);
    assert_eq!((server.left(1001).await, server.left(1002).await), (0, 0));
    let again = together(&server, &bundle(6)).await;
    assert_eq!(outcomes(&again), ["REPLAYED"; 4]);
    for line in 0..4 {
        assert_eq!(again["results"][line]["flow"], payload["results"][line]["flow"]);
    }
    let lines = [replenishment("e", 1001, 4), replenishment("f", 1002, 2_000_000)];
    let answer = try_many(&server, "inventoryReplenishMany", &lines, "REJECT_ALL").await.unwrap();
    assert_eq!(outcomes(answer.field()), ["WITHHELD", "REFUSED"]);
    assert_eq!(server.left(1001).await, 0);
}

/// What had been done, alone or in another bulk, is done; it neither counts twice nor stands in the
/// way.
async fn what_was_done_before_counts_as_done(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let alone = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 4)).await;
    let bundle = |quantity| {
        [deduction("a", 1001, 4), deduction("b", 1001, quantity), deduction("a", 1001, 4)]
    };
    // Without the first, which is done, there is enough for the second; but for no more.
    let payload = together(&server, &bundle(7)).await;
    assert_eq!(outcomes(&payload), ["REPLAYED", "REFUSED", "REPLAYED"]);
    assert_eq!(payload["results"][1]["userErrors"][0]["available"], 6);
    assert_eq!(payload["results"][0]["flow"]["id"], alone["flow"]["id"]);
    assert_eq!(server.left(1001).await, 6);
    let payload = together(&server, &bundle(6)).await;
    assert_eq!(outcomes(&payload), ["REPLAYED", "WRITTEN", "REPLAYED"]);
    assert_eq!(server.left(1001).await, 0);

    // A key that was used for something else is a refusal like any other.
    server.mutate("inventoryReplenish", replenishment("more", 1001, 5)).await;
    let payload = together(&server, &[deduction("c", 1001, 1), deduction("a", 1001, 3)]).await;
    assert_eq!(outcomes(&payload), ["WITHHELD", "REFUSED"]);
    assert_eq!(refusal(&payload, 1).0, "IDEMPOTENCY_KEY_REUSED");
    // And so is one that comes twice, for two things, in one request.
    let payload = together(&server, &[deduction("c", 1001, 1), deduction("c", 1001, 2)]).await;
    assert_eq!(outcomes(&payload), ["WITHHELD", "REFUSED"]);
    assert_eq!(
        refusal(&payload, 1),
        ("IDEMPOTENCY_KEY_REUSED", "input.lines.1.idempotencyKey".to_owned())
    );
    let payload = together(&server, &[deduction("c", 1001, 1), deduction("d", 1001, -1)]).await;
    assert_eq!(outcomes(&payload), ["WITHHELD", "REFUSED"]);
    assert_eq!(refusal(&payload, 1), ("INVALID_QUANTITY", "input.lines.1.quantity".to_owned()));
    assert_eq!(server.left(1001).await, 5);
}

/// Bundles, lines by themselves and single changes want the same few units at the same moment.
async fn it_is_all_or_nothing_whoever_else_is_there(database: &TestDatabase) {
    let arguments = ["--ledger-batch-max", "8"];
    let server = TestServer::start_with(&database.url, &arguments, &[]).await;
    let skus = 1001..=1004;
    for sku_id in skus.clone() {
        server.create(sku_id, 30).await;
    }
    let bundle_of = |number: i64| -> Vec<Value> {
        let line = |line: i64| {
            let sku_id = 1001 + (number + line) % 4;
            deduction(&format!("bundle {number} {line}"), sku_id, 1 + i32::from(line == 2))
        };
        (0..5).map(line).collect()
    };
    let bundles = join_all((0..12).map(|number| {
        let server = &server;
        async move { together(server, &bundle_of(number)).await }
    }));
    let lines = join_all((0..3).map(|number| {
        let server = &server;
        async move {
            let line = |line: i64| deduction(&format!("line {number} {line}"), 1001 + line % 4, 1);
            each(server, &(0..12).map(line).collect::<Vec<_>>()).await
        }
    }));
    let singles = join_all((0..40).map(|number| {
        let input = TestServer::deduction(&format!("single {number}"), 1001 + number % 4, 1);
        server.mutate("inventoryDeduct", input)
    }));
    let (bundles, lines, singles) = tokio::join!(bundles, lines, singles);

    let mut taken: BTreeMap<i64, i64> = BTreeMap::new();
    let mut take = |flow: &Value| {
        let sku_id: i64 = flow["skuId"].as_str().unwrap().parse().unwrap();
        *taken.entry(sku_id).or_default() += flow["quantityTrade"].as_i64().unwrap();
    };
    let mut refused = 0;
    for bundle in &bundles {
        let told = outcomes(bundle);
        if told == ["WRITTEN"; 5] {
            bundle["results"].as_array().unwrap().iter().for_each(|line| take(&line["flow"]));
        } else {
            refused += 1;
            assert!(told.contains(&"REFUSED"), "{told:?}");
            assert!(!told.contains(&"WRITTEN") && !told.contains(&"FAILED"), "{told:?}");
        }
    }
    for line in lines.iter().flat_map(|payload| payload["results"].as_array().unwrap()) {
        if line["outcome"] == "WRITTEN" {
            take(&line["flow"]);
        }
    }
    for payload in &singles {
        if codes(payload).is_empty() {
            take(&payload["flow"]);
        }
    }
    for sku_id in skus {
        assert_eq!(server.left(sku_id).await, 30 - taken[&sku_id], "of SKU {sku_id}");
    }
    assert!(refused > 0, "there was not enough for all");

    // Asked again, those that were carried out are told so; the others still are not, or are now.
    for (number, before) in (0..).zip(&bundles) {
        let again = together(&server, &bundle_of(number)).await;
        let told = outcomes(&again);
        if before["writtenCount"] == 5 {
            assert_eq!(told, ["REPLAYED"; 5]);
        } else {
            assert!(told.contains(&"REFUSED") || told == ["WRITTEN"; 5], "{told:?}");
        }
    }
}

on_each_database!(
    all_lines_are_carried_out_or_none,
    what_was_done_before_counts_as_done,
    it_is_all_or_nothing_whoever_else_is_there,
);
