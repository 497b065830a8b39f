//! Entries around the instants at which clocks are set, by hour and by day.

use serde_json::{Value, json};

use super::history::Writer;
use crate::access::shop::{Shop, trusted};
use crate::support::{TestDatabase, on_each_database};

on_each_database!(hours_and_days_are_those_of_the_time_zone);

/// A zone, entries, and the groups that they make: where each begins, how many hours in tenths it has,
/// and how many entries.
type Case =
    (&'static str, &'static str, &'static [&'static str], &'static [(&'static str, i64, u32)]);

const CASES: &[Case] = &[
    // Forward at two o'clock: a day of 23 hours.
    (
        "Europe/Berlin",
        "DAY",
        &[
            "2025-03-29T22:59:59.999999Z",
            "2025-03-29T23:00:00Z",
            "2025-03-30T21:59:59.999999Z",
            "2025-03-30T22:00:00Z",
        ],
        &[
            ("2025-03-28T23:00:00", 240, 1),
            ("2025-03-29T23:00:00", 230, 2),
            ("2025-03-30T22:00:00", 240, 1),
        ],
    ),
    // Back at three o'clock: a day of 25 hours, and the hour from two to three twice.
    (
        "Europe/Berlin",
        "DAY",
        &["2025-10-25T22:00:00Z", "2025-10-26T22:59:59.999999Z", "2025-10-26T23:00:00Z"],
        &[("2025-10-25T22:00:00", 250, 2), ("2025-10-26T23:00:00", 240, 1)],
    ),
    (
        "Europe/Berlin",
        "HOUR",
        &[
            "2025-10-26T00:00:00Z",
            "2025-10-26T00:59:59.999999Z",
            "2025-10-26T01:00:00Z",
            "2025-10-26T02:00:00Z",
        ],
        &[
            ("2025-10-26T00:00:00", 10, 2),
            ("2025-10-26T01:00:00", 10, 1),
            ("2025-10-26T02:00:00", 10, 1),
        ],
    ),
    // Forward at midnight: the day begins at one o'clock. Back at midnight: the day before is longer.
    (
        "America/Sao_Paulo",
        "DAY",
        &[
            "2018-11-04T02:59:59.999999Z",
            "2018-11-04T03:00:00Z",
            "2018-11-05T01:59:59.999999Z",
            "2018-11-05T02:00:00Z",
        ],
        &[
            ("2018-11-03T03:00:00", 240, 1),
            ("2018-11-04T03:00:00", 230, 2),
            ("2018-11-05T02:00:00", 240, 1),
        ],
    ),
    (
        "America/Sao_Paulo",
        "DAY",
        &["2019-02-16T02:00:00Z", "2019-02-17T02:30:00Z", "2019-02-17T03:00:00Z"],
        &[("2019-02-16T02:00:00", 250, 2), ("2019-02-17T03:00:00", 240, 1)],
    ),
    // Half an hour beside the full one, all the year.
    (
        "Asia/Kolkata",
        "HOUR",
        &["2025-01-01T18:29:59.999999Z", "2025-01-01T18:30:00Z", "2025-01-01T19:29:00Z"],
        &[("2025-01-01T17:30:00", 10, 1), ("2025-01-01T18:30:00", 10, 2)],
    ),
    (
        "Asia/Kolkata",
        "MONTH",
        &["2025-01-31T18:29:59.999999Z", "2025-01-31T18:30:00Z"],
        &[("2024-12-31T18:30:00", 7_440, 1), ("2025-01-31T18:30:00", 6_720, 1)],
    ),
    // Clocks that are set by half an hour: half past one once more, and no two o'clock.
    (
        "Australia/Lord_Howe",
        "HOUR",
        &[
            "2025-04-05T14:59:59.999999Z",
            "2025-04-05T15:00:00Z",
            "2025-04-05T15:29:59.999999Z",
            "2025-04-05T15:30:00Z",
        ],
        &[
            ("2025-04-05T14:00:00", 10, 1),
            ("2025-04-05T15:00:00", 5, 2),
            ("2025-04-05T15:30:00", 10, 1),
        ],
    ),
    (
        "Australia/Lord_Howe",
        "DAY",
        &["2025-04-05T13:00:00Z", "2025-04-06T13:29:59.999999Z", "2025-04-06T13:30:00Z"],
        &[("2025-04-05T13:00:00", 245, 2), ("2025-04-06T13:30:00", 240, 1)],
    ),
];

async fn hours_and_days_are_those_of_the_time_zone(database: &TestDatabase) {
    let writer = Writer::over(database).await;
    let shop = Shop::over(database).await;
    for ((zone, period, instants, expected), sku_id) in CASES.iter().zip(1_i64..) {
        writer.set(instants[0].parse().unwrap());
        writer.create(sku_id, 1, 1_000).await;
        for at in &instants[1..] {
            writer.set(at.parse().unwrap());
            writer.replenish(sku_id, 1, "driver").await;
        }
        let query = "query($sku: ID!, $by: [InventoryFlowGroup!]!, $zone: String, $first: Int, \
                     $after: String) { inventoryFlowSummary(where: {skuId: [$sku]}, groupBy: $by, \
                     timeZone: $zone, first: $first, after: $after) { nodes { periodStart periodEnd \
                     entryCount } pageInfo { hasNextPage endCursor } } }";
        let variables = json!({ "sku": sku_id.to_string(), "by": [period], "zone": zone });
        for first in [1, 50] {
            let page = (first, "/data/inventoryFlowSummary");
            let caller = trusted("platform", None);
            let nodes =
                super::history::all_pages(&shop, &caller, query, variables.clone(), page).await;
            let found: Vec<_> = nodes.iter().map(told).collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(start, tenths, entries)| ((*start).to_owned(), *tenths, *entries))
                .collect();
            assert_eq!(found, expected, "{zone}, {period}");
        }
    }
}

fn told(node: &Value) -> (String, i64, u32) {
    let at = |name: &str| node[name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>();
    let (start, end) = (at("periodStart").unwrap(), at("periodEnd").unwrap());
    let tenths = (end - start).num_minutes() / 6;
    let entries = node["entryCount"].as_str().unwrap().parse().unwrap();
    (start.format("%Y-%m-%dT%H:%M:%S").to_string(), tenths, entries)
}
