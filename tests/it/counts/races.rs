//! Whatever happens to one count at the same moment: it is closed once, and what was recorded is either
//! in it or refused.

use futures_util::future::join_all;
use serde_json::json;

use super::{change, complete, count, create, line, record, sell, start, stock};
use crate::access::shop::{Shop, trusted};
use crate::support::{TestDatabase, codes, on_each_database};

on_each_database!(
    two_completions_at_once_write_once,
    what_is_recorded_meanwhile_is_in_the_count_or_refused,
    a_count_is_completed_or_abandoned_and_not_both,
    the_same_lines_at_once_are_recorded_once,
);

const ROUNDS: i64 = 6;

/// Two servers over one database.
async fn shops(database: &TestDatabase) -> [Shop; 2] {
    [Shop::over(database).await, Shop::over(database).await]
}

async fn two_completions_at_once_write_once(database: &TestDatabase) {
    let shops = shops(database).await;
    let callers = ["anna", "ben", "carl"].map(|name| trusted(name, Some(1)));
    for round in 1..=ROUNDS {
        create(&shops[0], &callers[0], round, 10).await;
        let id = start(&shops[0], &callers[0], &format!("{round}"), &[round]).await;
        record(&shops[0], &callers[0], &id, &[line(&format!("{round}"), round, 7, 1)]).await;
        let all = (0..6).map(|place| complete(&shops[place % 2], &callers[place % 3], &id));
        let key = format!("sale {round}");
        let sale = sell(&shops[1], &callers[1], &key, round, 1);
        let (answers, _sale) = tokio::join!(join_all(all), sale);
        for answer in &answers {
            assert_eq!(codes(answer), [""; 0], "{answer}");
            assert_eq!(answer["count"]["status"], "COMPLETED");
        }
        let written = answers.iter().filter(|answer| answer["replayed"] == false).count();
        assert_eq!(written, 1, "{answers:?}");
        assert_eq!(stock(&shops[0], &callers[0], round).await, (6, 3));
    }
}

async fn what_is_recorded_meanwhile_is_in_the_count_or_refused(database: &TestDatabase) {
    let shops = shops(database).await;
    let (anna, ben) = (trusted("anna", Some(1)), trusted("ben", Some(1)));
    for round in 1..=ROUNDS {
        create(&shops[0], &anna, round, 10).await;
        let id = start(&shops[0], &anna, &format!("{round}"), &[round]).await;
        record(&shops[0], &anna, &id, &[line(&format!("a {round}"), round, 7, 1)]).await;
        let later = [line(&format!("b {round}"), round, 4, 1)];
        let (completed, recorded) =
            tokio::join!(complete(&shops[0], &anna, &id), record(&shops[1], &ben, &id, &later));
        assert_eq!(codes(&completed), [""; 0], "{completed}");
        let amount = match codes(&recorded).as_slice() {
            [] => 4,
            ["COUNT_NOT_OPEN"] => 7,
            _ => panic!("{recorded}"),
        };
        assert_eq!(stock(&shops[0], &anna, round).await, (amount, 2), "{recorded}");
        let told = count(&shops[0], &anna, &id).await;
        assert_eq!(told["lines"]["nodes"][0]["quantity"], amount);
        assert_eq!(told["lines"]["nodes"][0]["quantityAfter"], amount);
    }
}

async fn a_count_is_completed_or_abandoned_and_not_both(database: &TestDatabase) {
    let shops = shops(database).await;
    let (anna, ben) = (trusted("anna", Some(1)), trusted("ben", Some(1)));
    for round in 1..=ROUNDS {
        create(&shops[0], &anna, round, 10).await;
        let id = start(&shops[0], &anna, &format!("{round}"), &[round]).await;
        record(&shops[0], &anna, &id, &[line(&format!("{round}"), round, 7, 1)]).await;
        let abandon = json!({ "countId": id });
        let (completed, abandoned) = tokio::join!(
            complete(&shops[0], &anna, &id),
            change(&shops[1], &ben, "inventoryCountAbandon", abandon)
        );
        let told = count(&shops[0], &anna, &id).await;
        match (codes(&completed).as_slice(), codes(&abandoned).as_slice()) {
            ([], ["COUNT_NOT_OPEN"]) => {
                assert_eq!(told["status"], "COMPLETED");
                assert_eq!(stock(&shops[0], &anna, round).await, (7, 2));
            }
            (["COUNT_NOT_OPEN"], []) => {
                assert_eq!(told["status"], "ABANDONED");
                assert_eq!(stock(&shops[0], &anna, round).await, (10, 1));
            }
            _ => panic!("{completed} {abandoned}"),
        }
    }
}

async fn the_same_lines_at_once_are_recorded_once(database: &TestDatabase) {
    let shops = shops(database).await;
    let anna = trusted("anna", Some(1));
    for sku_id in 1..=3 {
        create(&shops[0], &anna, sku_id, 10).await;
    }
    let input = json!({ "skuIds": [1, 2, 3], "idempotencyKey": "at once" });
    let starts =
        (0..4).map(|place| change(&shops[place % 2], &anna, "inventoryCountStart", input.clone()));
    let started = join_all(starts).await;
    let id = started[0]["count"]["id"].as_str().unwrap();
    for payload in &started {
        assert_eq!((codes(payload), payload["count"]["id"].as_str()), (vec![], Some(id)));
    }
    let lines: Vec<_> = (1..=3).map(|sku_id| line(&format!("{sku_id}"), sku_id, 9, 1)).collect();
    let records = (0..4).map(|place| record(&shops[place % 2], &anna, id, &lines));
    let recorded = join_all(records).await;
    for payload in &recorded {
        assert_eq!(codes(payload), [""; 0], "{payload}");
        assert_eq!(payload["observations"], recorded[0]["observations"]);
    }
    assert_eq!(recorded.iter().filter(|payload| payload["replayed"] == false).count(), 1);
    assert_eq!(count(&shops[0], &anna, id).await["revision"], "3");
}
