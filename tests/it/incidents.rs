//! What others have shipped, and stockflow never may: each under the name of the threads in which
//! their users told of it.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{TestDatabase, TestServer, codes, on_each_database};

/// saleor #543, vendure #3508, magento2 #11488: two checkouts read "1 left", both buy.
async fn the_last_unit_is_sold_once(database: &TestDatabase) {
    let servers = [TestServer::start(database).await, TestServer::start(database).await];
    for sku_id in 1..=10 {
        servers[0].create(sku_id, 1).await;
        let buyers =
            (0..6).map(|buyer| {
                let server = &servers[buyer % 2];
                let key = format!("buyer {buyer} of {sku_id}");
                async move {
                    server.mutate("inventoryDeduct", TestServer::deduction(&key, sku_id, 1)).await
                }
            });
        let payloads = join_all(buyers).await;
        assert_eq!(payloads.iter().filter(|payload| codes(payload).is_empty()).count(), 1);
    }
}

/// medusa #16502: each line of a cart is checked by itself, so two lines of one item pass.
async fn one_cart_with_an_item_in_two_lines_takes_no_more_than_there_is(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 5).await;
    let line = json!({ "skuId": "1001", "orderDetailId": "line", "quantity": 3 });
    let input = json!({ "lines": [line, line], "idempotencyKey": "cart" });
    let payload = server.mutate("inventoryDeductBatch", input).await;
    assert_eq!(codes(&payload), ["INSUFFICIENT_STOCK"]);
    assert_eq!(payload["userErrors"][0]["field"], json!(["input", "lines", "1", "quantity"]));
    assert_eq!(payload["userErrors"][0]["available"], 2);
    assert_eq!(server.left(1001).await, 5);
}

/// medusa #16576: two increments read the same amount, and one is lost.
async fn increments_are_not_lost_to_each_other(database: &TestDatabase) {
    let servers = [TestServer::start(database).await, TestServer::start(database).await];
    servers[0].create(1001, 0).await;
    let increments = (0..40).map(|increment| {
        let server = &servers[increment % 2];
        let input = json!({
            "skuId": "1001", "quantity": 1, "idempotencyKey": format!("increment {increment}"),
        });
        async move { server.mutate("inventoryReplenish", input).await }
    });
    for payload in join_all(increments).await {
        assert_eq!(codes(&payload), [""; 0]);
    }
    assert_eq!(servers[0].left(1001).await, 40);
}

/// woocommerce #54499, `PrestaShop` #16869: partial refunds add up to more than was bought, and a
/// refund that is sent twice restocks twice.
async fn refunds_never_restock_more_than_was_bought(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let deducted = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 4)).await;
    let refund = |key: &str| json!({ "flowId": deducted["flow"]["id"], "quantity": 3, "idempotencyKey": key });
    let first = server.mutate("inventoryRefund", refund("refund")).await;
    let again = server.mutate("inventoryRefund", refund("refund")).await;
    assert_eq!(again["replayed"], true);
    assert_eq!(again["flow"]["id"], first["flow"]["id"]);
    let second = server.mutate("inventoryRefund", refund("another refund")).await;
    assert_eq!(codes(&second), ["REFUND_EXCEEDS_DEDUCTED"]);
    assert_eq!(server.left(1001).await, 9);
}

/// spree: a key is looked up before the work and stored after it, so two in flight both run.
async fn two_requests_in_flight_with_one_key_run_once(database: &TestDatabase) {
    let servers = [TestServer::start(database).await, TestServer::start(database).await];
    servers[0].create(1001, 1_000).await;
    for round in 0..10 {
        let key = format!("round {round}");
        let requests = (0..4).map(|request| {
            let server = &servers[request % 2];
            let input = TestServer::deduction(&key, 1001, 2);
            async move { server.mutate("inventoryDeduct", input).await }
        });
        let payloads = join_all(requests).await;
        let wrote = payloads.iter().filter(|payload| payload["replayed"] == false).count();
        assert_eq!(wrote, 1);
        assert!(payloads.iter().all(|payload| payload["flow"]["id"] == payloads[0]["flow"]["id"]));
    }
    assert_eq!(servers[0].left(1001).await, 980);
}

/// vendure: the movement log tells the whole sale for each part of a split one. magento: entries
/// of the log are deleted by the clean-up, or never written.
async fn the_history_tells_each_part_of_a_sale_once_and_keeps_it(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let line = |order_detail_id: &str, quantity: i32| json!({ "skuId": "1001", "orderDetailId": order_detail_id, "quantity": quantity });
    let input =
        json!({ "lines": [line("parcel 1", 2), line("parcel 2", 3)], "idempotencyKey": "sale" });
    server.mutate("inventoryDeductBatch", input).await;
    let query = "{ inventoryFlows(where: { skuId: [\"1001\"] }, orderBy: OLDEST_FIRST) \
                 { nodes { quantityTrade quantityAfter orderDetailId } totalCount } }";
    let answer = server.graphql(query, Value::Null).await;
    assert_eq!(
        answer.field(),
        &json!({
            "nodes": [
                { "quantityTrade": -10, "quantityAfter": 10, "orderDetailId": null },
                { "quantityTrade": 2, "quantityAfter": 8, "orderDetailId": "parcel 1" },
                { "quantityTrade": 3, "quantityAfter": 5, "orderDetailId": "parcel 2" },
            ],
            "totalCount": "3",
        })
    );
}

/// saleor #10820: a count, written as the new amount, overwrites what was sold meanwhile.
async fn a_count_does_not_overwrite_sales_made_meanwhile(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let believed = server.left(1001).await;
    server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 4)).await;
    let count = json!({
        "skuId": "1001", "quantity": 10, "changeFromQuantity": believed,
        "reason": "counted before the sale", "idempotencyKey": "count",
    });
    let payload = server.mutate("inventorySetQuantity", count).await;
    assert_eq!(codes(&payload), ["CHANGE_FROM_QUANTITY_STALE"]);
    assert_eq!(server.left(1001).await, 6);
}

/// The same, by a client that lost the variable with the amount that it believes in: absent is not
/// null, which would skip the comparison.
async fn a_count_whose_comparison_got_lost_is_refused(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let count = "mutation($believed: Int) { inventorySetQuantity(input: { skuId: \"1001\", \
                 quantity: 99, changeFromQuantity: $believed, reason: \"counted\", \
                 idempotencyKey: \"count\" }) { userErrors { code field } } }";
    let answer = server.graphql(count, json!({})).await;
    assert_eq!(
        answer.field()["userErrors"],
        json!([{ "code": "INVALID_ARGUMENT", "field": ["input", "changeFromQuantity"] }])
    );
    assert_eq!(server.left(1001).await, 10);
    let answer = server.graphql(count, json!({ "believed": null })).await;
    assert_eq!(answer.field()["userErrors"], json!([]));
    assert_eq!(server.left(1001).await, 99);
}

on_each_database!(
    the_last_unit_is_sold_once,
    one_cart_with_an_item_in_two_lines_takes_no_more_than_there_is,
    increments_are_not_lost_to_each_other,
    refunds_never_restock_more_than_was_bought,
    two_requests_in_flight_with_one_key_run_once,
    the_history_tells_each_part_of_a_sale_once_and_keeps_it,
    a_count_does_not_overwrite_sales_made_meanwhile,
    a_count_whose_comparison_got_lost_is_refused,
);
