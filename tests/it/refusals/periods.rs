//! Refusals by the hours, days and months of where a merchant is.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::{BY_THE_LEDGER, LATE, groups, page, start};
use crate::support::{TestDatabase, TestServer, code, on_each_database};

const REFUSED: [(&str, &[i64]); 7] = [
    // Before and behind midnight in Berlin; and the hour that the clocks show twice there.
    ("2025-12-31T22:59:00Z", &[1]),
    ("2025-12-31T23:00:00Z", &[1, 2]),
    ("2026-10-25T00:59:00Z", &[2]),
    ("2026-10-25T01:00:00Z", &[1, 2]),
    ("2026-10-25T01:59:00Z", &[1]),
    ("2026-10-25T22:59:00Z", &[2]),
    ("2026-10-25T23:00:00Z", &[1]),
];

/// Puts refusals into minutes of these instants, one of each SKU.
async fn write(database: &TestDatabase, instants: &[(&str, &[i64])]) {
    let plain = database.plain().await;
    for (instant, sku_ids) in instants {
        let instant: chrono::DateTime<chrono::Utc> = instant.parse().unwrap();
        let minute = instant.timestamp() / 60;
        for sku_id in *sku_ids {
            let sql = format!(
                "INSERT INTO t_inventory_refusal VALUES ({sku_id}, {minute}, 1, 1, 1, 2, 1)"
            );
            plain.execute_unprepared(&sql).await.unwrap();
        }
    }
}

/// When each group's period begins, its SKU, and how many refusals it has.
fn told(groups: &[Value]) -> Vec<String> {
    let part = |group: &Value| {
        let start = group["periodStart"].as_str().unwrap();
        let sku_id = group["skuId"].as_str().unwrap_or_default();
        format!("{} {sku_id}={}", &start[..16], group["refusalCount"].as_str().unwrap())
    };
    groups.iter().map(part).collect()
}

/// The whole list, so many groups a page.
async fn paged(server: &TestServer, by: &Value, filter: &Value, first: i64) -> Vec<String> {
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let arguments = json!({ "by": by, "where": filter, "zone": "Europe/Berlin",
                                "first": first, "after": after });
        let page = page(server, &arguments).await;
        nodes.extend(told(page["nodes"].as_array().unwrap()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
    }
}

async fn periods_are_those_of_the_time_zone(database: &TestDatabase) {
    let server = start(database, &BY_THE_LEDGER, LATE).await;
    for sku_id in [1, 2, 3] {
        server.create(sku_id, 0).await;
    }
    write(database, &REFUSED).await;
    let skus = json!({ "skuId": ["1", "2", "3"] });
    let expected: [(Value, &[&str]); 5] = [
        (json!(["MONTH"]), &["2025-11-30T23:00 =1", "2025-12-31T23:00 =2", "2026-09-30T22:00 =6"]),
        (
            json!(["DAY"]),
            &[
                "2025-12-30T23:00 =1",
                "2025-12-31T23:00 =2",
                "2026-10-24T22:00 =5",
                "2026-10-25T23:00 =1",
            ],
        ),
        (
            json!(["SKU", "MONTH"]),
            &[
                "2025-11-30T23:00 1=1",
                "2025-12-31T23:00 1=1",
                "2025-12-31T23:00 2=1",
                "2026-09-30T22:00 1=3",
                "2026-09-30T22:00 2=3",
            ],
        ),
        (
            json!(["DAY", "SKU"]),
            &[
                "2025-12-30T23:00 1=1",
                "2025-12-31T23:00 1=1",
                "2025-12-31T23:00 2=1",
                "2026-10-24T22:00 1=2",
                "2026-10-24T22:00 2=3",
                "2026-10-25T23:00 1=1",
            ],
        ),
        (
            json!(["HOUR"]),
            &[
                "2025-12-31T22:00 =1",
                "2025-12-31T23:00 =2",
                "2026-10-25T00:00 =1",
                "2026-10-25T01:00 =3",
                "2026-10-25T22:00 =1",
                "2026-10-25T23:00 =1",
            ],
        ),
    ];
    for (by, expected) in &expected {
        for filter in [json!(null), skus.clone(), json!({ "merchantId": "1" })] {
            for first in [1, 2, 50] {
                let paged = paged(&server, by, &filter, first).await;
                assert_eq!(paged, *expected, "{by} {filter} by {first}");
            }
        }
    }
}

async fn periods_of_a_span_and_of_another_zone(database: &TestDatabase) {
    let server = start(database, &BY_THE_LEDGER, LATE).await;
    write(database, &REFUSED).await;
    let of_one = json!({ "skuId": ["2"], "refusedAt": { "to": "2026-10-25T01:30:00Z" } });
    let days = ["2025-12-31T23:00 =1", "2026-10-24T22:00 =2"];
    assert_eq!(paged(&server, &json!(["DAY"]), &of_one, 50).await, days);
    let arguments = json!({ "by": ["DAY"], "zone": "Pacific/Apia" });
    let days = groups(&server, arguments).await;
    assert_eq!(days[0]["periodStart"], "2025-12-31T11:00:00.000000Z");
    assert_eq!(days[0]["periodEnd"], "2026-01-01T11:00:00.000000Z");
}

async fn what_is_no_period_or_no_zone_is_refused(database: &TestDatabase) {
    let server = start(database, &BY_THE_LEDGER, LATE).await;
    for (arguments, field) in [
        ("timeZone: \"Mars/Olympus\"", json!(["timeZone"])),
        ("groupBy: [DAY, SKU, MINUTE]", json!(["groupBy", "2"])),
        ("first: 201", json!(["first"])),
        ("after: \"x\"", json!(["after"])),
        (
            "where: {refusedAt: {from: \"2026-01-02T00:00:00Z\", to: \"2026-01-01T00:00:00Z\"}}",
            json!(["where", "refusedAt"]),
        ),
        ("where: {skuId: [\"a\"]}", json!(["where", "skuId", "0"])),
    ] {
        let query = format!("{{ inventoryRefusals({arguments}) {{ nodes {{ skuId }} }} }}");
        let answer = server.graphql(&query, Value::Null).await;
        assert_eq!(code(&answer), "INVALID_ARGUMENT", "{arguments}: {}", answer.0);
        assert_eq!(*answer.at("/errors/0/extensions/field"), field, "{arguments}");
    }
}

on_each_database!(
    periods_are_those_of_the_time_zone,
    periods_of_a_span_and_of_another_zone,
    what_is_no_period_or_no_zone_is_refused
);
