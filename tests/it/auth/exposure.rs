//! A server that authenticates nobody is reached by nobody else than this machine.

use std::process::Stdio;

use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::server::{start, variables};
use super::{asked, let_in, shown};
use crate::support::server::program;
use crate::support::{Kind, TestDatabase, TestServer};

/// Whether a server listens there with these arguments and settings; what it says if it does not.
async fn listens(
    database: &TestDatabase,
    arguments: &[&str],
    settings: &[(&str, &str)],
) -> Result<(), String> {
    let mut child = program()
        .args(["serve", "--database-url", &database.url])
        .args(arguments)
        .envs(variables(settings))
        .env("STOCKFLOW_LOG__FILTER", "off")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    if stdout.next_line().await.unwrap().is_some_and(|line| line.contains("is listening")) {
        child.kill().await.unwrap();
        return Ok(());
    }
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    Err(String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn a_server_that_lets_everybody_in_does_not_listen_to_the_network() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "[::ffff:0.0.0.0]:0"] {
        let told = listens(&database, &["--listen", address], &[]).await.unwrap_err();
        assert_eq!(told.lines().count(), 1, "{told}");
        for word in [address, "auth.jwt_algorithm", "auth.api_keys", "--insecure-no-auth"] {
            assert!(told.contains(word), "{word} in {told}");
        }
    }
    for address in ["127.0.0.1:0", "localhost:0"] {
        assert_eq!(listens(&database, &["--listen", address], &[]).await, Ok(()), "{address}");
    }
    // The numbers and the state of the server are not for everybody either.
    let operations = ["--listen", "127.0.0.1:0", "--operations-listen", "0.0.0.0:0"];
    let told = listens(&database, &operations, &[]).await.unwrap_err();
    assert!(told.contains("will not listen on 0.0.0.0:0"), "{told}");
    assert_eq!(listens(&database, &operations, &[("api_keys", "true")]).await, Ok(()));
    let own = ["--listen", "127.0.0.1:0", "--operations-listen", "127.0.0.1:0"];
    assert_eq!(listens(&database, &own, &[]).await, Ok(()));
    let everywhere = ["--listen", "0.0.0.0:0"];
    let insecure = [&everywhere[..], &["--insecure-no-auth"]].concat();
    assert_eq!(listens(&database, &insecure, &[]).await, Ok(()));
    assert_eq!(listens(&database, &everywhere, &[("insecure_no_auth", "true")]).await, Ok(()));
    assert_eq!(listens(&database, &everywhere, &[("api_keys", "true")]).await, Ok(()));
    let both = listens(&database, &insecure, &[("api_keys", "true")]).await.unwrap_err();
    assert!(both.contains("auth.insecure_no_auth"), "{both}");
}

#[tokio::test]
async fn where_nobody_is_authenticated_nothing_is_made_of_a_token() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    assert_eq!(asked(&server).await, let_in());
    let ada = server.with_token("nonsense");
    ada.create(1, 1).await;
    assert_eq!(super::newest_actor(&ada, 1).await, "anonymous");
    assert_eq!(shown(&server, "sfk_nonsense").await, let_in());
}

/// What is counted is counted over all merchants; whether the server lives is everybody's to know.
#[tokio::test]
async fn the_numbers_are_for_those_who_audit_all_merchants() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = start(&database.url, &[("api_keys", "true")]).await;
    let get = async |path: &str, token: Option<&str>| {
        let request = reqwest::Client::new().get(format!("{}{path}", server.url));
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let response = request.send().await.unwrap();
        let status = response.status();
        let body = response.text().await.unwrap();
        let error: serde_json::Value = serde_json::from_str(&body).unwrap_or(json!(null));
        let code = error.pointer("/errors/0/extensions/code").cloned().unwrap_or_default();
        (status, code)
    };
    let operator = super::api_keys::create(&database, "operator", None, &["audit:read"]).await;
    let merchant = super::api_keys::create(&database, "shop", Some(7), &["audit:read"]).await;
    let seller = super::api_keys::create(&database, "seller", None, &["stock:write"]).await;
    assert_eq!(get("/metrics", None).await, (StatusCode::UNAUTHORIZED, json!("UNAUTHENTICATED")));
    assert_eq!(
        get("/metrics", Some("x")).await,
        (StatusCode::UNAUTHORIZED, json!("UNAUTHENTICATED"))
    );
    for other in [&merchant, &seller] {
        let forbidden = (StatusCode::FORBIDDEN, json!("FORBIDDEN"));
        assert_eq!(get("/metrics", Some(other)).await, forbidden);
    }
    assert_eq!(get("/metrics", Some(&operator)).await, (StatusCode::OK, json!(null)));
    for path in ["/healthz", "/readyz", "/"] {
        assert_eq!(get(path, None).await.0, StatusCode::OK, "{path}");
    }
}

/// Whoever sends nonsense is held up before long, and locks out nobody who was let in before.
#[tokio::test]
async fn so_many_are_refused_in_a_second() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let mut settings = variables(&[("api_keys", "true")]);
    for (key, value) in [("PER_SECOND", "1"), ("BURST", "5")] {
        settings.push((format!("STOCKFLOW_LIMITS__REQUESTS_{key}"), value.to_owned()));
    }
    let settings: Vec<_> = settings.iter().map(|(key, value)| (&**key, &**value)).collect();
    let server = TestServer::start_with(&database.url, &[], &settings).await;
    let key = super::api_keys::create(&database, "till", None, &["stock:read"]).await;
    assert_eq!(shown(&server, &key).await, let_in());
    for _nonsense in 0..5 {
        assert_eq!(shown(&server, "nonsense").await, super::refused());
    }
    let limited = (429, "RATE_LIMITED".to_owned());
    crate::servers::until("nonsense is held up", async || {
        shown(&server, "nonsense").await == limited
    })
    .await;
    assert_eq!(shown(&server, &key).await, let_in());
}
