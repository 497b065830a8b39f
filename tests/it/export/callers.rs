//! Who may export what, and which parameters are refused.

use serde_json::{Value, json};

use super::{CSV, JSON_LINES, ids, read};
use crate::access::shop::{Shop, caller, trusted};
use crate::support::granted::{run, said};
use crate::support::{Answer, Kind, TestDatabase, TestServer, code, on_each_database};

/// SKU 7001 of merchant 1 and SKU 8001 of merchant 2, each with two entries.
async fn stocked(database: &TestDatabase) -> Shop {
    let shop = Shop::over(database).await;
    let platform = trusted("platform", None);
    for (sku_id, merchant_id) in [(7001, 1), (8001, 2)] {
        let new = json!({"skuId": sku_id, "merchantId": merchant_id, "quantity": 10,
                         "idempotencyKey": format!("create {sku_id}")});
        shop.mutate(&platform, "inventoryCreate", new).await;
        let deduct = json!({"skuId": sku_id, "orderDetailId": "o", "quantity": 1,
                            "idempotencyKey": format!("deduct {sku_id}")});
        shop.mutate(&platform, "inventoryDeduct", deduct).await;
    }
    shop
}

async fn who_is_bound_to_a_merchant_exports_its_entries_alone(database: &TestDatabase) {
    let shop = stocked(database).await;
    let (platform, bound) = (trusted("platform", None), trusted("seller", Some(2)));
    let of = async |caller, parameters: &[(&str, &str)]| {
        let text = shop.export(caller, parameters).await.unwrap();
        let (entries, manifest) = read(text.as_bytes());
        (ids(&entries), manifest)
    };
    assert_eq!(of(&platform, &[]).await.0, [1, 2, 3, 4]);
    let (all, manifest) = of(&bound, &[]).await;
    assert_eq!(all, [3, 4]);
    assert_eq!(manifest["onlyMerchantId"], "2");
    assert_eq!(of(&platform, &[]).await.1["onlyMerchantId"], Value::Null);
    for (parameters, expected) in [
        (&[("skuId", "7001")][..], &[][..]),
        (&[("skuId", "7001"), ("skuId", "8001")], &[3, 4]),
        (&[("merchantId", "1")], &[]),
        (&[("merchantId", "2")], &[3, 4]),
        (&[("orderDetailId", "o")], &[4]),
        (&[("idempotencyKey", "deduct 7001")], &[]),
        (&[("createdAt.from", "2020-01-01T00:00:00Z")], &[3, 4]),
    ] {
        assert_eq!(of(&bound, parameters).await.0, expected, "{parameters:?}");
    }
    // To the letter, and by as many statements.
    let told = async |sku: &str| {
        let before = shop.database.statements_read();
        let text = shop.export(&bound, &[("skuId", sku)]).await.unwrap();
        (text.replace(sku, "SKU"), shop.database.statements_read() - before)
    };
    assert_eq!(told("7001").await, told("9009").await);
    let cut = shop.export(&bound, &[("lastFlowId", "99")]).await.unwrap_err();
    assert_eq!(cut["extensions"]["code"], "INVALID_ARGUMENT", "{cut}");
}

async fn an_export_needs_the_scope_for_history(database: &TestDatabase) {
    use stockflow::auth::Scope::{AuditRead, StockManage, StockRead, StockWrite};
    let shop = stocked(database).await;
    let without = caller("a", None, &[StockRead, StockWrite, StockManage]);
    let error = shop.export(&without, &[("skuId", "not looked at")]).await.unwrap_err();
    let answer = shop.ask(&without, "{ inventoryFlows { totalCount } }", json!({})).await;
    assert_eq!(error["message"], *answer.at("/errors/0/message"));
    assert_eq!(error["extensions"], *answer.at("/errors/0/extensions"));
    assert_eq!(error["extensions"]["scopes"], json!(["audit:read"]));
    assert!(shop.export(&caller("a", None, &[AuditRead]), &[]).await.is_ok());
}

on_each_database!(
    who_is_bound_to_a_merchant_exports_its_entries_alone,
    an_export_needs_the_scope_for_history,
);

#[tokio::test]
async fn who_shows_no_good_token_exports_nothing() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let keys = [("STOCKFLOW_AUTH__API_KEYS", "true")];
    let server = TestServer::start_with(&database.url, &[], &keys).await;
    let key = async |scope: &str| {
        let made = run(&[
            "token",
            "create",
            "--label",
            "a",
            "--merchant",
            "1",
            "--scope",
            scope,
            "--database-url",
            &database.url,
        ])
        .await;
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    };
    for path in [CSV, JSON_LINES] {
        for (api, status, expected) in [
            (server.with_token("nonsense"), 401, "UNAUTHENTICATED"),
            (server.with_token(&key("stock:read").await), 403, "FORBIDDEN"),
        ] {
            let response = api.get(path).await;
            assert_eq!(response.status().as_u16(), status);
            let answer = Answer(response.json().await.unwrap());
            assert_eq!(code(&answer), expected);
        }
        let response = server.get(path).await;
        assert_eq!(response.status().as_u16(), 401);
        assert!(response.headers().contains_key("www-authenticate"));
        let auditor = server.with_token(&key("audit:read").await);
        assert_eq!(auditor.get(path).await.status().as_u16(), 200);
    }
    let limit =
        [("STOCKFLOW_LIMITS__REQUESTS_PER_SECOND", "1"), ("STOCKFLOW_LIMITS__REQUESTS_BURST", "1")];
    let slow = TestServer::start_with(&database.url, &[], &limit).await;
    let mut statuses = vec![slow.get(CSV).await.status().as_u16()];
    for _more in 0..5 {
        statuses.push(slow.get(CSV).await.status().as_u16());
    }
    assert!(statuses[0] == 200 && statuses.contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn a_parameter_that_is_wrong_is_named() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    let many = "skuId=1&".repeat(251);
    for (query, field) in [
        ("sku=1", json!(["sku"])),
        ("skuID=1", json!(["skuID"])),
        ("createdAt=2026-01-01T00:00:00Z", json!(["createdAt"])),
        ("createdAt.since=2026-01-01T00:00:00Z", json!(["createdAt", "since"])),
        ("skuId=x", json!(["skuId", "0"])),
        ("skuId=1&skuId=007", json!(["skuId", "1"])),
        (&many, json!(["skuId"])),
        ("merchantId=0", json!(["merchantId"])),
        ("merchantId=1&merchantId=1", json!(["merchantId"])),
        ("deductionId=-1", json!(["deductionId"])),
        ("idempotencyKey=a&idempotencyKey=b", json!(["idempotencyKey"])),
        ("idempotencyKey=%00", json!(["idempotencyKey"])),
        ("kind=SALE", json!(["kind"])),
        ("createdAt.from=yesterday", json!(["createdAt", "from"])),
        (
            "createdAt.to=2026-01-01T00:00:00Z&createdAt.to=2026-01-01T00:00:00Z",
            json!(["createdAt", "to"]),
        ),
        (
            "createdAt.from=2026-01-02T00:00:00Z&createdAt.to=2026-01-01T00:00:00Z",
            json!(["createdAt"]),
        ),
        ("quantityTrade.min=many", json!(["quantityTrade", "min"])),
        ("quantityTrade.min=2&quantityTrade.max=1", json!(["quantityTrade"])),
        ("lastFlowId=x", json!(["lastFlowId"])),
        ("lastFlowId=1&lastFlowId=1", json!(["lastFlowId"])),
        // There is nothing yet.
        ("lastFlowId=1", json!(["lastFlowId"])),
    ] {
        for path in [CSV, JSON_LINES] {
            let response = server.get(&format!("{path}?{query}")).await;
            assert_eq!(response.status().as_u16(), 400, "{query}");
            let answer = Answer(response.json().await.unwrap());
            assert_eq!(code(&answer), "INVALID_ARGUMENT", "{query}");
            assert_eq!(*answer.at("/errors/0/extensions/field"), field, "{query}");
            let told = answer.at("/errors/0/message").as_str().unwrap();
            let path: Vec<&str> =
                field.as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert!(told.starts_with(&path.join(".")), "{told}");
            assert!(answer.at("/errors/0/extensions/requestId").is_string());
        }
    }
    let empty = run(&["export", "--last-flow-id", "1", "--database-url", &database.url]).await;
    assert!(said(&empty).contains("entry 1 is not settled yet"), "{}", said(&empty));
}
