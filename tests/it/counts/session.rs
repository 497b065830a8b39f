//! One count from its beginning to its end.

use serde_json::{Value, json};

use super::{change, changed, complete, count, create, line, record, sell, start, stock};
use crate::access::shop::{Shop, trusted};
use crate::support::{TestDatabase, codes, on_each_database};

on_each_database!(
    sales_during_the_count_do_no_harm,
    a_later_entry_counts_rather_than_a_later_record,
    what_is_sent_again_is_answered_as_it_was,
    a_phone_that_comes_back_late_is_told,
    a_count_of_all_skus_has_those_there_were,
    lists_are_paged,
);

async fn sales_during_the_count_do_no_harm(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let (anna, ben) = (trusted("anna", Some(1)), trusted("ben", Some(1)));
    for sku_id in 1..=3 {
        create(&shop, &anna, sku_id, 10).await;
    }
    let id = start(&shop, &anna, "stocktake", &[1, 2, 3]).await;
    let deduction = sell(&shop, &anna, "before", 1, 1).await;
    // Nine are expected of SKU 1, and eight are there; SKU 2 has one more than expected.
    let recorded = record(&shop, &anna, &id, &[line("a1", 1, 8, 2)]).await;
    assert_eq!(codes(&recorded), [""; 0]);
    record(&shop, &ben, &id, &[line("b1", 2, 11, 1), line("b2", 3, 10, 1)]).await;
    sell(&shop, &anna, "during", 1, 3).await;
    let refund = json!({ "flowId": deduction, "quantity": 1, "idempotencyKey": "refund" });
    shop.mutate(&anna, "inventoryRefund", refund).await;
    let more = json!({ "skuId": 2, "quantity": 5, "idempotencyKey": "more" });
    shop.mutate(&anna, "inventoryReplenish", more).await;

    let reviewed = count(&shop, &anna, &id).await;
    assert_eq!(
        reviewed["summary"],
        json!({ "skuCount": 3, "countedCount": 3, "missingCount": 0, "varianceCount": 2,
                "unitsOver": "1", "unitsShort": "1", "varianceUnits": "2", "staleCount": 0 })
    );
    assert_eq!(
        reviewed["lines"]["nodes"][0],
        json!({ "skuId": "1", "version": "4", "observationCount": 1, "quantity": 8,
                "countedVersion": "2", "quantityExpected": 9, "variance": -1,
                "quantityMoved": -2, "quantityAfter": 6, "flowId": null })
    );

    let completed = complete(&shop, &ben, &id).await;
    assert_eq!((codes(&completed), &completed["replayed"]), (vec![], &json!(false)));
    let closed = &completed["count"];
    assert_eq!((&closed["status"], &closed["closedBy"]), (&json!("COMPLETED"), &json!("user:ben")));
    for (sku_id, amount) in [(1, 6), (2, 16), (3, 10)] {
        assert_eq!(stock(&shop, &anna, sku_id).await.0, amount, "SKU {sku_id}");
    }
    // What was reviewed is what is told of it for ever, whatever is sold later.
    sell(&shop, &anna, "after", 1, 1).await;
    let told = count(&shop, &anna, &id).await;
    assert_eq!(told["summary"], reviewed["summary"]);
    for (told, reviewed) in
        [0, 1, 2].map(|place| (&told["lines"]["nodes"][place], &reviewed["lines"]["nodes"][place]))
    {
        for name in ["quantity", "quantityExpected", "variance", "quantityMoved", "quantityAfter"] {
            assert_eq!(told[name], reviewed[name], "{name} of {told}");
        }
    }
    // The entries name the count, and who completed it; one that agrees is there, too.
    let query = "{ inventoryFlows(where: { kind: [ADJUSTMENT] }, orderBy: OLDEST_FIRST) \
                 { nodes { id skuId quantityTrade reason actor } } }";
    let flows = shop.ask(&anna, query, json!({})).await;
    let flows = flows.field()["nodes"].as_array().unwrap().clone();
    let traded: Vec<_> = flows.iter().map(|flow| flow["quantityTrade"].as_i64().unwrap()).collect();
    assert_eq!(traded, [1, -1, 0]);
    for (flow, place) in flows.iter().zip(0..) {
        assert_eq!(flow["reason"], format!("inventory count {id}"));
        assert_eq!(flow["actor"], "user:ben");
        assert_eq!(flow["id"], told["lines"]["nodes"][place]["flowId"]);
    }
}

async fn a_later_entry_counts_rather_than_a_later_record(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    create(&shop, &anna, 1, 10).await;
    let id = start(&shop, &anna, "stocktake", &[1]).await;
    let deduction = sell(&shop, &anna, "first", 1, 2).await;
    let at = |key: &str, quantity: i32, counted_at: &str| {
        let mut line = line(key, 1, quantity, 2);
        line["countedAt"] = json!(counted_at);
        line
    };
    let counts = async |lines: &[Value]| {
        let recorded = record(&shop, &anna, &id, lines).await;
        assert_eq!(codes(&recorded), [""; 0], "{recorded}");
        recorded["count"]["lines"]["nodes"][0]["quantity"].as_i64().unwrap()
    };
    assert_eq!(counts(&[at("a", 7, "2026-11-01T12:00:00Z")]).await, 7);
    assert_eq!(counts(&[line("old", 1, 10, 1)]).await, 7, "counted before the sale");
    assert_eq!(counts(&[at("b", 6, "2026-11-01T11:00:00Z")]).await, 7, "counted an hour before");
    assert_eq!(counts(&[at("c", 5, "2026-11-01T13:00:00Z")]).await, 5, "counted an hour later");
    // A clock that is far ahead counts now, and not for ever.
    assert_eq!(counts(&[at("ahead", 4, "9999-01-01T00:00:00Z")]).await, 4);
    assert_eq!(counts(&[line("now", 1, 8, 2)]).await, 8);
    // By the entry rather than by its version; and by none, which is the newest.
    let by_flow = json!({ "skuId": 1, "quantity": 3, "flowId": deduction,
                          "countedAt": "2026-11-01T13:00:00Z", "idempotencyKey": "by flow" });
    assert_eq!(counts(&[by_flow]).await, 8);
    sell(&shop, &anna, "second", 1, 1).await;
    let by_none = json!({ "skuId": 1, "quantity": 7, "idempotencyKey": "by none" });
    let recorded = record(&shop, &anna, &id, &[by_none]).await;
    assert_eq!(recorded["observations"][0]["version"], "3");
    assert_eq!(recorded["count"]["lines"]["nodes"][0]["observationCount"], 8);
    assert_eq!(complete(&shop, &anna, &id).await["count"]["status"], "COMPLETED");
    assert_eq!(stock(&shop, &anna, 1).await, (7, 4));
}

async fn what_is_sent_again_is_answered_as_it_was(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    create(&shop, &anna, 1, 10).await;
    create(&shop, &anna, 2, 10).await;
    let input = json!({ "skuIds": [1, 2], "reason": "r", "idempotencyKey": "stocktake" });
    let started = changed(&shop, &anna, "inventoryCountStart", input.clone()).await;
    let again = changed(&shop, &anna, "inventoryCountStart", input).await;
    assert_eq!((&again["count"], &again["replayed"]), (&started["count"], &json!(true)));
    let other = json!({ "skuIds": [1], "reason": "r", "idempotencyKey": "stocktake" });
    let other = change(&shop, &anna, "inventoryCountStart", other).await;
    assert_eq!(codes(&other), ["IDEMPOTENCY_KEY_REUSED"]);

    let id = started["count"]["id"].as_str().unwrap();
    let first = record(&shop, &anna, id, &[line("a", 1, 9, 1), line("b", 2, 10, 1)]).await;
    assert_eq!((codes(&first), &first["replayed"]), (vec![], &json!(false)));
    // In other company, the other way round, and twice in one request.
    let lines = [line("b", 2, 10, 1), line("c", 1, 8, 1), line("c", 1, 8, 1)];
    let second = record(&shop, &anna, id, &lines).await;
    assert_eq!((codes(&second), &second["replayed"]), (vec![], &json!(false)));
    assert_eq!(second["observations"][0], first["observations"][1]);
    assert_eq!(second["observations"][1], second["observations"][2]);
    assert_eq!(second["count"]["revision"], "3");
    let third = record(&shop, &anna, id, &lines).await;
    assert_eq!((codes(&third), &third["replayed"]), (vec![], &json!(true)));
    assert_eq!(third["observations"], second["observations"]);
    // A key that says something else now refuses the request that it is in, all of it.
    let reused = record(&shop, &anna, id, &[line("d", 2, 9, 1), line("a", 1, 7, 1)]).await;
    assert_eq!(codes(&reused), ["IDEMPOTENCY_KEY_REUSED"]);
    assert_eq!(reused["userErrors"][0]["field"], json!(["input", "lines", "1", "idempotencyKey"]));
    assert_eq!(count(&shop, &anna, id).await["revision"], "3");
    // Somebody else's keys are their own.
    let ben = trusted("ben", Some(1));
    let of_ben = record(&shop, &ben, id, &[line("a", 1, 7, 1)]).await;
    assert_eq!((codes(&of_ben), &of_ben["replayed"]), (vec![], &json!(false)));

    let completed = complete(&shop, &anna, id).await;
    let again = complete(&shop, &anna, id).await;
    assert_eq!((&again["count"], &again["replayed"]), (&completed["count"], &json!(true)));
    assert_eq!(stock(&shop, &anna, 1).await, (7, 2));
    assert_eq!(stock(&shop, &anna, 2).await, (10, 2));
}

async fn a_phone_that_comes_back_late_is_told(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    create(&shop, &anna, 1, 10).await;
    for (end, status) in
        [("inventoryCountComplete", "COMPLETED"), ("inventoryCountAbandon", "ABANDONED")]
    {
        let id = start(&shop, &anna, end, &[1]).await;
        let (sent, late) = (line(&format!("{end} a"), 1, 9, 1), line(&format!("{end} b"), 1, 8, 1));
        let first = record(&shop, &anna, &id, std::slice::from_ref(&sent)).await;
        changed(&shop, &anna, end, json!({ "countId": id })).await;
        // What had come in before is answered as it was; what had not, is told so.
        let again = record(&shop, &anna, &id, std::slice::from_ref(&sent)).await;
        assert_eq!(again["observations"], first["observations"]);
        let refused = record(&shop, &anna, &id, &[sent, late]).await;
        assert_eq!(codes(&refused), ["COUNT_NOT_OPEN"]);
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "countId"]));
        let told = count(&shop, &anna, &id).await;
        assert_eq!((&told["status"], &told["revision"]), (&json!(status), &json!("1")));
    }
    assert_eq!(stock(&shop, &anna, 1).await, (9, 2));
}

async fn a_count_of_all_skus_has_those_there_were(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    for sku_id in [3, 5, 9] {
        create(&shop, &anna, sku_id, 10).await;
    }
    create(&shop, &trusted("other", Some(2)), 4, 10).await;
    let skus = async |input: Value| {
        let payload = changed(&shop, &anna, "inventoryCountStart", input).await;
        let lines = payload["count"]["lines"]["nodes"].as_array().unwrap().clone();
        lines.iter().map(|line| line["skuId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = json!({ "idempotencyKey": "all" });
    assert_eq!(skus(all.clone()).await, ["3", "5", "9"]);
    create(&shop, &anna, 6, 10).await;
    assert_eq!(skus(all).await, ["3", "5", "9"], "fixed when it was started");
    let some = json!({ "fromSkuId": 4, "toSkuId": 6, "idempotencyKey": "some" });
    assert_eq!(skus(some).await, ["5", "6"]);
    for (input, code, argument) in [
        (json!({ "fromSkuId": 7, "toSkuId": 8 }), "SKU_NOT_FOUND", "merchantId"),
        (json!({ "skuIds": [3], "toSkuId": 8 }), "INVALID_ARGUMENT", "toSkuId"),
        (json!({ "skuIds": [] }), "INVALID_ARGUMENT", "skuIds"),
        (json!({ "merchantId": 2 }), "INVALID_ARGUMENT", "merchantId"),
    ] {
        let mut input = input;
        input["idempotencyKey"] = json!("wrong");
        let payload = change(&shop, &anna, "inventoryCountStart", input).await;
        assert_eq!(codes(&payload), [code], "{payload}");
        assert_eq!(payload["userErrors"][0]["field"], json!(["input", argument]));
    }
    let missing = json!({ "skuIds": [3, 4, 99], "idempotencyKey": "wrong" });
    let missing = change(&shop, &anna, "inventoryCountStart", missing).await;
    assert_eq!(codes(&missing), ["SKU_NOT_FOUND", "SKU_NOT_FOUND"]);
    assert_eq!(missing["userErrors"][1]["field"], json!(["input", "skuIds", "2"]));
}

async fn lists_are_paged(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    for sku_id in 1..=5 {
        create(&shop, &anna, sku_id, 10).await;
    }
    let first = start(&shop, &anna, "first", &[1, 2, 3, 4, 5]).await;
    let second = start(&shop, &anna, "second", &[1]).await;
    for (key, sku_id, quantity) in [("a", 1, 10), ("b", 2, 9), ("c", 4, 8), ("d", 2, 8)] {
        record(&shop, &anna, &first, &[line(key, sku_id, quantity, 1)]).await;
    }
    let query = "query($id: ID!, $after: String) { inventoryCount(id: $id) { \
                 lines(first: 2, after: $after) { totalCount nodes { skuId } \
                 pageInfo { endCursor hasNextPage } } \
                 missing: lines(only: [MISSING]) { nodes { skuId } } \
                 variance: lines(only: [VARIANCE], last: 1) { totalCount nodes { skuId variance } } \
                 observations(first: 3) { totalCount nodes { skuId idempotencyKey } } \
                 ofTwo: observations(skuId: 2) { totalCount edges { node { quantity actor } } } } }";
    let (mut skus, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "id": first, "after": after });
        let answer = shop.ask(&anna, query, variables).await;
        let told = answer.field();
        let nodes = told["lines"]["nodes"].as_array().unwrap();
        skus.extend(nodes.iter().map(|node| node["skuId"].as_str().unwrap().to_owned()));
        assert_eq!(told["lines"]["totalCount"], "5");
        assert_eq!(told["missing"]["nodes"], json!([{ "skuId": "3" }, { "skuId": "5" }]));
        assert_eq!(told["variance"]["totalCount"], "2");
        assert_eq!(told["variance"]["nodes"], json!([{ "skuId": "4", "variance": -2 }]));
        assert_eq!(told["observations"]["totalCount"], "4");
        assert_eq!(told["observations"]["nodes"][0]["idempotencyKey"], "d");
        assert_eq!(told["ofTwo"]["totalCount"], "2");
        assert_eq!(
            told["ofTwo"]["edges"][0]["node"],
            json!({ "quantity": 8, "actor": "user:anna" })
        );
        if told["lines"]["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = told["lines"]["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(skus, ["1", "2", "3", "4", "5"]);
    changed(&shop, &anna, "inventoryCountAbandon", json!({ "countId": second })).await;
    let query = "query($status: [InventoryCountStatus!]) { inventoryCounts(where: \
                 { status: $status }) { totalCount nodes { id status } } }";
    for (status, ids) in [
        (json!(null), vec![&second, &first]),
        (json!(["OPEN"]), vec![&first]),
        (json!(["ABANDONED", "COMPLETED"]), vec![&second]),
        (json!([]), vec![]),
    ] {
        let answer = shop.ask(&anna, query, json!({ "status": status })).await;
        let nodes = answer.field()["nodes"].as_array().unwrap().clone();
        let told: Vec<&str> = nodes.iter().map(|node| node["id"].as_str().unwrap()).collect();
        assert_eq!(told, ids, "{status}");
        assert_eq!(answer.field()["totalCount"], ids.len().to_string());
    }
}
