//! Whatever is killed or cut while a count is completed: its adjustments and its end are on the books
//! together or not at all, and who asks again is answered.

use serde_json::{Value, json};

use crate::support::proxy::Proxy;
use crate::support::{Kind, TestDatabase, TestServer, codes, on_each_database};

const PAYLOAD: &str = "count { id status } replayed userErrors { code message }";

async fn change(server: &TestServer, mutation: &str, input: Value) -> reqwest::Result<Value> {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query =
        format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {PAYLOAD} }} }}");
    let answer = server.try_graphql(&query, json!({ "input": input })).await?;
    Ok(answer.field().clone())
}

/// A count of SKUs that have one unit less than expected; answers its id.
async fn counted(server: &TestServer, key: &str, sku_ids: &[i64]) -> String {
    let input = json!({ "skuIds": sku_ids, "idempotencyKey": key });
    let started = change(server, "inventoryCountStart", input).await.unwrap();
    let id = started["count"]["id"].as_str().unwrap().to_owned();
    let mut lines = Vec::new();
    for sku_id in sku_ids {
        let quantity = server.left(*sku_id).await - 1;
        let key = format!("{key} {sku_id}");
        lines.push(json!({ "skuId": sku_id, "quantity": quantity, "idempotencyKey": key }));
    }
    let input = json!({ "countId": id, "lines": lines });
    let recorded = change(server, "inventoryCountRecord", input).await.unwrap();
    assert_eq!(codes(&recorded), [""; 0]);
    id
}

on_each_database!(a_server_that_is_killed_has_completed_all_of_it_or_nothing);

async fn a_server_that_is_killed_has_completed_all_of_it_or_nothing(database: &TestDatabase) {
    let mut server = TestServer::start(database).await;
    for sku_id in 1..=3 {
        server.create(sku_id, 100).await;
    }
    for round in 0..4_usize {
        let before = server.left(1).await;
        let id = counted(&server, &format!("round {round}"), &[1, 2, 3]).await;
        let complete = json!({ "countId": id });
        let asked = change(&server, "inventoryCountComplete", complete.clone());
        let killed = async {
            // Somewhat later each time: before it is heard, while it works, when it is done.
            for _turn in 0..round * 400 {
                tokio::task::yield_now().await;
            }
            server.kill();
        };
        let (_lost_or_answered, ()) = tokio::join!(asked, killed);
        server.crash().await;
        server = TestServer::start(database).await;
        let query = "query($id: ID!) { inventoryCount(id: $id) { status } }";
        let status = server.graphql(query, json!({ "id": id })).await;
        let completed = status.field()["status"] == "COMPLETED";
        for sku_id in 1..=3 {
            let expected = if completed { before - 1 } else { before };
            assert_eq!(server.left(sku_id).await, expected, "{completed} in round {round}");
        }
        let again = change(&server, "inventoryCountComplete", complete).await.unwrap();
        assert_eq!((codes(&again), &again["replayed"]), (vec![], &json!(completed)));
        for sku_id in 1..=3 {
            assert_eq!(server.left(sku_id).await, before - 1);
        }
    }
}

/// The commit has happened, and the connection is gone before the answer: of what is recorded, and of
/// what is completed.
async fn commits_whose_answers_are_lost_are_found(kind: Kind) {
    let Some(database) = TestDatabase::fresh(kind).await else { return };
    let (proxy, url) = Proxy::start(&database.url).await;
    let server = TestServer::start_with(&url, &[], &[]).await;
    server.create(1, 100).await;
    for round in 0..4_i64 {
        proxy.lose_commits(2);
        let id = counted(&server, &format!("round {round}"), &[1]).await;
        assert_eq!(proxy.commits_to_lose(), 0, "those of what was started and recorded were lost");
        proxy.lose_commits(1);
        let complete = json!({ "countId": id });
        let completed = change(&server, "inventoryCountComplete", complete).await.unwrap();
        assert_eq!(codes(&completed), [""; 0]);
        assert_eq!(completed["count"]["status"], "COMPLETED");
        assert_eq!(proxy.commits_to_lose(), 0, "the commit was lost");
        assert_eq!(server.left(1).await, 99 - round);
    }
    database.audit().await;
}

#[tokio::test]
async fn commits_whose_answers_mariadb_lost_are_found() {
    commits_whose_answers_are_lost_are_found(Kind::MariaDb).await;
}

#[tokio::test]
async fn commits_whose_answers_postgres_lost_are_found() {
    commits_whose_answers_are_lost_are_found(Kind::Postgres).await;
}
