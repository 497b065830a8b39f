//! `stockflow healthcheck`, as a container asks it.

use crate::servers::until;
use crate::support::granted::{run, said};
use crate::support::server::program;
use crate::support::{Kind, TestDatabase, TestServer};

#[tokio::test]
async fn a_server_that_is_ready_is_told_by_the_exit_code() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    let ready = format!("{}/readyz", server.url);
    let output = run(&["healthcheck", "--url", &ready]).await;
    assert!(output.status.success(), "{}", said(&output));

    // Where the settings say that it listens, also if that is every interface.
    let port = server.url.rsplit_once(':').unwrap().1;
    let output = program()
        .arg("healthcheck")
        .env("STOCKFLOW_LISTEN", format!("0.0.0.0:{port}"))
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));

    // One that answers, and is not ready; what it has seen a moment ago holds for a moment.
    let plain = database.plain().await;
    let forget = "DELETE FROM seaql_migrations WHERE version LIKE '%heartbeat%'";
    sea_orm::ConnectionTrait::execute_unprepared(&plain, forget).await.unwrap();
    until("it is not ready", async || {
        let output = run(&["healthcheck", "--url", &ready]).await;
        output.status.code() == Some(1) && said(&output).contains("answers 503")
    })
    .await;

    server.crash().await;
    let output = run(&["healthcheck", "--url", &ready]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("does not answer"), "{}", said(&output));
}
