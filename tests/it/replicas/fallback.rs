//! All replicas are lost: so many reads go to the primary at once, and no more.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{NO_CACHE, reads, source, version};
use crate::servers::until;
use crate::support::proxy::Proxy;
use crate::support::{Answer, Kind, TestDatabase, TestServer, code, codes, metric};

/// Nobody listens there.
fn nowhere(url: &str) -> String {
    let address = url.rsplit(['@', '/']).find(|part| part.contains(':')).unwrap();
    url.replace(address, "127.0.0.1:1")
}

/// Reads are held on their way to the primary, on connections of their own, while writes pass.
async fn the_loss_of_the_replicas_does_not_take_the_primary_along(kind: Kind) {
    let Some(database) = TestDatabase::fresh(kind).await else { return };
    let (proxy, url) = Proxy::start(&database.url).await;
    let replicas = ["--replica-url", &nowhere(&url), "--replica-fallback-max", "2"];
    let server = TestServer::start_with(&url, &[&NO_CACHE[..], &replicas].concat(), &[]).await;
    server.create(1001, 10).await;

    proxy.hold_back("COUNT(");
    let slow = join_all((0..6).map(|_read| count(&server)));
    let meanwhile = async {
        until("the others were turned away", async || {
            let name = "stockflow_db_fallback_turned_away_total";
            metric(&server.metrics().await, name) == 4
        })
        .await;
        assert_eq!(proxy.held_back(), 2, "so many are with the primary");
        let payload = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 1)).await;
        assert_eq!(codes(&payload), [""; 0], "writes go on");
        // It asks for the primary, which is not counted.
        assert_eq!(version(&server, 1001, "PRIMARY", None).await, (2, "PRIMARY".to_owned()));
        let busy = count(&server).await;
        assert_eq!(code(&busy), "BUSY");
        assert_eq!(proxy.held_back(), 2);
        let counted = reads(&server, "fallback").await;
        proxy.let_go();
        counted
    };
    let (answers, before) = tokio::join!(slow, meanwhile);
    assert_eq!(reads(&server, "fallback").await, before + 2, "each once, when it was answered");
    let (busy, counted): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.0.get("errors").is_some());
    assert_eq!((busy.len(), counted.len()), (4, 2));
    for answer in busy {
        assert_eq!(code(answer), "BUSY");
        assert_eq!(answer.at("/errors/0/extensions/retryable"), true);
    }
    for answer in counted {
        assert_eq!(answer.field(), &json!({ "totalCount": "2" }), "what was held saw the write");
        assert_eq!(source(answer), "PRIMARY");
        let age = answer.age();
        assert!(age >= Duration::from_secs(1), "as old as its question: {age:?}");
    }
    assert_eq!(count(&server).await.field(), &json!({ "totalCount": "2" }), "it is free again");
    assert_eq!(reads(&server, "replica").await, 0);
    database.audit().await;
}

async fn count(server: &TestServer) -> Answer {
    server.graphql("{ inventoryFlows { totalCount } }", Value::Null).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_loss_of_the_replicas_does_not_take_mariadb_along() {
    the_loss_of_the_replicas_does_not_take_the_primary_along(Kind::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_loss_of_the_replicas_does_not_take_postgres_along() {
    the_loss_of_the_replicas_does_not_take_the_primary_along(Kind::Postgres).await;
}
