//! Who may do what with a count, and what it takes to complete one.

use serde_json::{Value, json};
use stockflow::auth::Scope;
use stockflow::count::CountSettings;
use stockflow::graphql::SchemaSettings;

use super::{change, changed, complete, count, create, line, record, sell, start, stock};
use crate::access::shop::{Shop, caller, trusted};
use crate::support::{TestDatabase, codes, on_each_database};

on_each_database!(
    a_large_variance_needs_a_second_person,
    who_counts_blind_does_not_see_what_is_expected,
    skus_that_nobody_has_counted_are_left_only_if_so_is_said,
    what_was_reviewed_is_what_is_completed,
    a_shelf_that_cannot_have_been_so_is_counted_again,
    two_counts_of_one_shelf_correct_the_books_once,
    what_is_not_there_is_told_by_its_place,
);

async fn a_large_variance_needs_a_second_person(database: &TestDatabase) {
    let counts = CountSettings { second_person_above_units: Some(3) };
    let settings = SchemaSettings { counts, ..SchemaSettings::default() };
    let shop = Shop::with_settings(database.connect().await, settings);
    let [anna, ben, carl] = ["anna", "ben", "carl"].map(|name| trusted(name, Some(1)));
    create(&shop, &anna, 1, 10).await;
    create(&shop, &anna, 2, 10).await;
    let id = start(&shop, &anna, "large", &[1, 2]).await;
    record(&shop, &ben, &id, &[line("a", 1, 12, 1), line("b", 2, 8, 1)]).await;
    for party in [&anna, &ben] {
        let refused = complete(&shop, party, &id).await;
        assert_eq!(codes(&refused), ["COUNT_NEEDS_SECOND_PERSON"], "{refused}");
    }
    assert_eq!(stock(&shop, &anna, 1).await, (10, 1));
    assert_eq!(codes(&complete(&shop, &carl, &id).await), [""; 0]);
    // Within the bound anybody completes.
    let id = start(&shop, &anna, "small", &[1, 2]).await;
    record(&shop, &anna, &id, &[line("c", 1, 10, 2), line("d", 2, 9, 2)]).await;
    assert_eq!(codes(&complete(&shop, &anna, &id).await), [""; 0]);
    assert_eq!((stock(&shop, &anna, 1).await.0, stock(&shop, &anna, 2).await.0), (10, 9));
}

async fn who_counts_blind_does_not_see_what_is_expected(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let counter = caller("counter", Some(1), &[Scope::StockManage]);
    let auditor = caller("auditor", Some(1), &[Scope::AuditRead]);
    create(&shop, &trusted("anna", Some(1)), 1, 10).await;
    let input = json!({ "blind": true, "idempotencyKey": "blind" });
    let started = changed(&shop, &counter, "inventoryCountStart", input).await;
    let id = started["count"]["id"].as_str().unwrap();
    let recorded = record(&shop, &counter, id, &[line("a", 1, 8, 1)]).await;
    for told in [&recorded["count"], &count(&shop, &counter, id).await] {
        let node = &told["lines"]["nodes"][0];
        assert_eq!((&node["quantity"], &node["version"]), (&json!(8), &json!("1")));
        for name in ["quantityExpected", "variance", "quantityMoved", "quantityAfter"] {
            assert_eq!(node[name], Value::Null, "{name}");
        }
        for name in ["varianceCount", "unitsOver", "unitsShort", "varianceUnits", "staleCount"] {
            assert_eq!(told["summary"][name], Value::Null, "{name}");
        }
    }
    let query = "query($id: ID!, $only: [InventoryCountLineKind!]) { inventoryCount(id: $id) \
                 { lines(only: $only) { totalCount } } }";
    for (kind, refused) in
        [("COUNTED", false), ("MISSING", false), ("VARIANCE", true), ("STALE", true)]
    {
        let variables = json!({ "id": id, "only": [kind] });
        let answer = shop.ask(&counter, query, variables.clone()).await;
        let code = answer.at("/errors/0/extensions/code");
        assert_eq!(code == "INVALID_ARGUMENT", refused, "{}", answer.0);
        shop.ask(&auditor, query, variables).await.field();
    }
    assert_eq!(count(&shop, &auditor, id).await["lines"]["nodes"][0]["variance"], -2);
    complete(&shop, &counter, id).await;
    assert_eq!(count(&shop, &counter, id).await["lines"]["nodes"][0]["variance"], -2);
}

async fn skus_that_nobody_has_counted_are_left_only_if_so_is_said(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    create(&shop, &anna, 1, 10).await;
    create(&shop, &anna, 2, 10).await;
    let id = start(&shop, &anna, "some", &[1, 2]).await;
    let leave = json!({ "countId": id, "uncounted": "LEAVE" });
    let nothing = change(&shop, &anna, "inventoryCountComplete", leave.clone()).await;
    assert_eq!(codes(&nothing), ["COUNT_UNCOUNTED"], "nothing was counted at all");
    record(&shop, &anna, &id, &[line("a", 1, 9, 1)]).await;
    assert_eq!(codes(&complete(&shop, &anna, &id).await), ["COUNT_UNCOUNTED"]);
    assert_eq!(count(&shop, &anna, &id).await["status"], "OPEN");
    changed(&shop, &anna, "inventoryCountComplete", leave).await;
    assert_eq!(stock(&shop, &anna, 1).await, (9, 2));
    assert_eq!(stock(&shop, &anna, 2).await, (10, 1), "it is as it was");
    let missing = &count(&shop, &anna, &id).await["lines"]["nodes"][1];
    assert_eq!((&missing["quantity"], &missing["flowId"]), (&Value::Null, &Value::Null));
}

async fn what_was_reviewed_is_what_is_completed(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    create(&shop, &anna, 1, 10).await;
    let id = start(&shop, &anna, "reviewed", &[1]).await;
    let reviewed = record(&shop, &anna, &id, &[line("a", 1, 9, 1)]).await;
    let revision = reviewed["count"]["revision"].clone();
    record(&shop, &anna, &id, &[line("b", 1, 5, 1)]).await;
    let input = json!({ "countId": id, "revision": revision });
    let refused = change(&shop, &anna, "inventoryCountComplete", input).await;
    assert_eq!(codes(&refused), ["COUNT_CHANGED"]);
    assert_eq!(refused["userErrors"][0]["field"], json!(["input", "revision"]));
    assert_eq!(stock(&shop, &anna, 1).await, (10, 1));
    let input = json!({ "countId": id, "revision": "2" });
    changed(&shop, &anna, "inventoryCountComplete", input).await;
    assert_eq!(stock(&shop, &anna, 1).await, (5, 2));
}

/// Eight were sold of a shelf that is said to have had five: one of the two is wrong.
async fn a_shelf_that_cannot_have_been_so_is_counted_again(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    create(&shop, &anna, 1, 10).await;
    create(&shop, &anna, 2, 10).await;
    let id = start(&shop, &anna, "stale", &[1, 2]).await;
    record(&shop, &anna, &id, &[line("a", 1, 5, 1), line("b", 2, 9, 1)]).await;
    sell(&shop, &anna, "sale", 1, 8).await;
    let refused = complete(&shop, &anna, &id).await;
    assert_eq!(codes(&refused), ["COUNT_STALE"]);
    let error = &refused["userErrors"][0];
    assert_eq!(error["field"], json!(["input", "countId"]));
    assert_eq!(
        (&error["skuId"], &error["requested"], &error["available"]),
        (&json!("1"), &json!(5), &json!(2))
    );
    let told = count(&shop, &anna, &id).await;
    assert_eq!((&told["status"], &told["summary"]["staleCount"]), (&json!("OPEN"), &json!(1)));
    assert_eq!(told["lines"]["nodes"][0]["quantityAfter"], -3);
    assert_eq!(stock(&shop, &anna, 2).await, (10, 1), "nothing was written");
    record(&shop, &anna, &id, &[line("c", 1, 1, 2)]).await;
    assert_eq!(codes(&complete(&shop, &anna, &id).await), [""; 0]);
    assert_eq!((stock(&shop, &anna, 1).await.0, stock(&shop, &anna, 2).await.0), (1, 9));
}

async fn two_counts_of_one_shelf_correct_the_books_once(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    create(&shop, &anna, 1, 10).await;
    let mut ids = Vec::new();
    for key in ["one", "other"] {
        let id = start(&shop, &anna, key, &[1]).await;
        record(&shop, &anna, &id, &[line(key, 1, 8, 1)]).await;
        ids.push(id);
    }
    sell(&shop, &anna, "sale", 1, 3).await;
    for id in &ids {
        assert_eq!(codes(&complete(&shop, &anna, id).await), [""; 0]);
        assert_eq!(stock(&shop, &anna, 1).await.0, 5);
    }
    let second = &count(&shop, &anna, &ids[1]).await["lines"]["nodes"][0];
    assert_eq!((&second["quantityExpected"], &second["variance"]), (&json!(8), &json!(0)));
    // So does a count beside an amount that was set by hand.
    let id = start(&shop, &anna, "third", &[1]).await;
    let (_amount, version) = stock(&shop, &anna, 1).await;
    record(&shop, &anna, &id, &[line("third", 1, 4, version)]).await;
    let set = json!({ "skuId": 1, "quantity": 4, "changeFromQuantity": 5, "reason": "seen",
                      "idempotencyKey": "set" });
    shop.mutate(&anna, "inventorySetQuantity", set).await;
    assert_eq!(codes(&complete(&shop, &anna, &id).await), [""; 0]);
    assert_eq!(stock(&shop, &anna, 1).await.0, 4);
}

async fn what_is_not_there_is_told_by_its_place(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    create(&shop, &anna, 1, 10).await;
    create(&shop, &anna, 2, 10).await;
    let of_two = sell(&shop, &anna, "sale", 2, 1).await;
    let id = start(&shop, &anna, "one", &[1]).await;
    let with = |argument: &str, value: Value| {
        let mut line = json!({ "skuId": 1, "quantity": 1, "idempotencyKey": "k" });
        line[argument] = value;
        line
    };
    for (line, code, argument) in [
        (with("skuId", json!(2)), "SKU_NOT_IN_COUNT", "skuId"),
        (with("skuId", json!(99)), "SKU_NOT_IN_COUNT", "skuId"),
        (with("version", json!(2)), "FLOW_NOT_FOUND", "version"),
        (with("version", json!(0)), "INVALID_ARGUMENT", "version"),
        (with("flowId", json!(of_two)), "FLOW_NOT_FOUND", "flowId"),
        (with("flowId", json!(99_999)), "FLOW_NOT_FOUND", "flowId"),
        (with("quantity", json!(-1)), "INVALID_QUANTITY", "quantity"),
        (with("quantity", json!(1_000_001)), "INVALID_QUANTITY", "quantity"),
        (with("idempotencyKey", json!("")), "INVALID_ARGUMENT", "idempotencyKey"),
    ] {
        let good = super::line("good", 1, 1, 1);
        let refused = record(&shop, &anna, &id, &[good, line.clone()]).await;
        assert_eq!(codes(&refused), [code], "{line}: {refused}");
        let field = &refused["userErrors"][0]["field"];
        assert_eq!(*field, json!(["input", "lines", "1", argument]), "{line}");
    }
    let both =
        json!({ "skuId": 1, "quantity": 1, "version": 1, "flowId": 1, "idempotencyKey": "k" });
    assert_eq!(codes(&record(&shop, &anna, &id, &[both]).await), ["INVALID_ARGUMENT"]);
    assert_eq!(count(&shop, &anna, &id).await["revision"], "0", "nothing was recorded");
    for (mutation, input) in [
        ("inventoryCountRecord", json!({ "countId": "99", "lines": [line("x", 1, 1, 1)] })),
        ("inventoryCountComplete", json!({ "countId": "99" })),
        ("inventoryCountAbandon", json!({ "countId": "99" })),
    ] {
        let refused = change(&shop, &anna, mutation, input).await;
        assert_eq!(codes(&refused), ["COUNT_NOT_FOUND"], "{mutation}");
    }
    changed(&shop, &anna, "inventoryCountAbandon", json!({ "countId": id })).await;
    assert_eq!(codes(&complete(&shop, &anna, &id).await), ["COUNT_NOT_OPEN"]);
    let again = changed(&shop, &anna, "inventoryCountAbandon", json!({ "countId": id })).await;
    assert_eq!(again["replayed"], true);
}
