//! The issuer's keys: where they come from, how they change, and what happens while they cannot be
//! had.

use std::process::Stdio;

use axum::http::StatusCode;
use futures_util::future::join_all;
use jsonwebtoken::Algorithm;
use tokio::net::TcpListener;

use super::issuer::{AUDIENCE, Answer, ISSUER, JwksServer, Pair, claims, set};
use super::server::{file, replace, start_with_jwts, variables};
use super::{let_in, refused, shown, undecided};
use crate::servers::until;
use crate::support::server::program;
use crate::support::{Kind, TestDatabase, TestServer, metric};

const NEVER: &str = "86400000";
const SOON: &str = "100";

async fn start(jwks: &str, refresh_ms: &str, refetch_ms_min: &str) -> TestServer {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let settings =
        [("jwks", jwks), ("jwks_refresh_ms", refresh_ms), ("jwks_refetch_ms_min", refetch_ms_min)];
    start_with_jwts(&database, "ES256", &settings).await
}

async fn pair(kid: &'static str) -> Pair {
    Pair::new(Algorithm::ES256, kid).await
}

#[tokio::test]
async fn a_file_of_keys_that_changes_is_followed() {
    let (old, new) = (pair("old").await, pair("new").await);
    let keys = file(&set(&[&old]));
    let server = start(keys.path().to_str().unwrap(), NEVER, NEVER).await;
    let (by_old, by_new) = (old.sign(&claims()), new.sign(&claims()));
    assert_eq!(shown(&server, &by_old).await, let_in());
    assert_eq!(shown(&server, &by_new).await, refused());

    replace(keys.path(), &set(&[&old, &new]));
    until("the new key is known", async || shown(&server, &by_new).await == let_in()).await;
    assert_eq!(shown(&server, &by_old).await, let_in());

    // A half-written file, or none, is no reason to let nobody in.
    for nonsense in ["{\"keys\": [", ""] {
        replace(keys.path(), nonsense);
        let failed = failed_looks(&server, &by_new).await;
        until("it was looked at", async || failed_looks(&server, &by_new).await > failed).await;
        assert_eq!(shown(&server, &by_new).await, let_in());
    }
    // The token was remembered, and its key is gone.
    replace(keys.path(), &set(&[&new]));
    until("the old key is gone", async || shown(&server, &by_old).await == refused()).await;
    assert_eq!(shown(&server, &by_new).await, let_in());
    replace(keys.path(), "{\"keys\": []}");
    until("all keys are gone", async || shown(&server, &by_new).await == refused()).await;
}

/// How often keys were looked for in vain, as whoever has this token is told.
async fn failed_looks(server: &TestServer, token: &str) -> u64 {
    let text = server.with_token(token).metrics().await;
    metric(&text, "stockflow_auth_jwks_looks_total{outcome=\"failed\"}")
}

#[tokio::test]
async fn a_file_without_keys_refuses_to_start() {
    let (pair, rsa) = (pair("a").await, Pair::new(Algorithm::RS256, "a").await);
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let one = set(&[&pair]);
    let too_much = format!("{one}{}", " ".repeat(262_145 - one.len()));
    let files = ["", "{}", "-----BEGIN PUBLIC KEY-----", &set(&[&rsa]), &too_much].map(file);
    let paths = files.iter().map(|file| file.path().to_str().unwrap());
    for path in paths.chain(["/no/such/keys.json", "/"]) {
        let settings = [
            ("jwt_algorithm", "ES256"),
            ("jwt_issuer", ISSUER),
            ("jwt_audience", AUDIENCE),
            ("jwks", path),
        ];
        let output = program()
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", &database.url])
            .envs(variables(&settings))
            .env("STOCKFLOW_LOG__FILTER", "off")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .output()
            .await
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("auth.jwks") && told.contains(path), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}

#[tokio::test]
async fn a_file_may_have_256_kib() {
    let pair = pair("a").await;
    let set = set(&[&pair]);
    let keys = file(&format!("{set}{}", " ".repeat(262_144 - set.len())));
    let server = start(keys.path().to_str().unwrap(), NEVER, NEVER).await;
    assert_eq!(shown(&server, &pair.sign(&claims())).await, let_in());
}

#[tokio::test]
async fn a_key_that_is_new_is_fetched_when_it_is_first_seen() {
    let (old, new) = (pair("old").await, pair("new").await);
    let issuer = JwksServer::start(set(&[&old])).await;
    let server = start(&issuer.url, NEVER, SOON).await;
    assert_eq!(shown(&server, &old.sign(&claims())).await, let_in());
    assert_eq!(issuer.fetches(), 1, "one at the start");
    issuer.answers(Answer::Document(set(&[&new])));
    let by_new = new.sign(&claims());
    until("the new key is known", async || shown(&server, &by_new).await == let_in()).await;
    assert_eq!(shown(&server, &old.sign(&claims())).await, refused(), "a key that was taken away");
}

#[tokio::test]
async fn a_flood_of_unknown_keys_is_a_drop_at_the_issuers() {
    let known = pair("known").await;
    let mut unknown = pair("unknown").await;
    let issuer = JwksServer::start(set(&[&known])).await;
    let server = start(&issuer.url, NEVER, NEVER).await;
    for kid in ["a", "b", "c", "d"] {
        unknown.kid = kid;
        let token = unknown.sign(&claims());
        let flood = join_all((0..50).map(|_request| shown(&server, &token))).await;
        assert!(flood.iter().all(|answer| *answer == refused()));
    }
    assert_eq!(issuer.fetches(), 1, "it was asked a moment ago");

    // Where it may be asked again, all who wait share one fetch.
    let issuer = JwksServer::start(set(&[&known])).await;
    let server = start(&issuer.url, NEVER, "5000").await;
    issuer.answers(Answer::Silence);
    let token = unknown.sign(&claims());
    until("it is asked", async || {
        let asked = shown(&server, &token);
        // Who is made to wait has caused a fetch, or found one under way.
        let waited = tokio::time::timeout(std::time::Duration::from_millis(20), asked).await;
        waited.is_err() && issuer.fetches() >= 2
    })
    .await;
    let flood = join_all((0..50).map(|_request| shown(&server, &token)));
    let (answers, ()) = tokio::join!(flood, async {
        assert_eq!(shown(&server, &known.sign(&claims())).await, let_in(), "it waits for nobody");
        issuer.answers(Answer::Document(set(&[&known])));
    });
    assert!(answers.iter().all(|answer| *answer == refused()));
    // One a wait that was long enough, and none a request.
    assert!(issuer.fetches() <= 10, "{} fetches", issuer.fetches());
}

#[tokio::test]
async fn while_the_issuer_is_down_the_last_good_keys_hold() {
    let (old, new) = (pair("old").await, pair("new").await);
    let issuer = JwksServer::start(set(&[&old])).await;
    let server = start(&issuer.url, SOON, SOON).await;
    let token = old.sign(&claims());
    assert_eq!(shown(&server, &token).await, let_in());
    for answer in [
        Answer::Status(StatusCode::INTERNAL_SERVER_ERROR),
        Answer::Status(StatusCode::NOT_FOUND),
        Answer::Document("<html>maintenance</html>".to_owned()),
        Answer::Document(format!("{}{}", set(&[&new]), " ".repeat(262_144))),
        Answer::Elsewhere,
    ] {
        issuer.answers(answer.clone());
        let fetches = issuer.fetches();
        until("it was asked", async || issuer.fetches() > fetches + 1).await;
        assert_eq!(shown(&server, &token).await, let_in(), "{answer:?}");
        assert_eq!(shown(&server, &new.sign(&claims())).await, refused(), "{answer:?}");
    }
    issuer.answers(Answer::Document(set(&[&new])));
    until("it is followed again", async || shown(&server, &token).await == refused()).await;
    assert_eq!(shown(&server, &new.sign(&claims())).await, let_in());
}

#[tokio::test]
async fn an_issuer_that_is_not_there_yet_is_waited_for() {
    let pair = pair("a").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let server = start(&format!("http://{address}/keys"), NEVER, SOON).await;
    let token = pair.sign(&claims());
    assert_eq!(shown(&server, &token).await, undecided(), "nobody can tell, which is no refusal");
    let mut listener = None;
    until("the port is free", async || {
        listener = TcpListener::bind(address).await.ok();
        listener.is_some()
    })
    .await;
    let _issuer = JwksServer::start_on(listener.unwrap(), set(&[&pair]));
    until("it has come", async || shown(&server, &token).await == let_in()).await;
}

/// A server would start without them and take no JWT, so it is a warning.
#[tokio::test]
async fn the_doctor_tells_whether_there_are_keys() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (one, other) = (pair("one").await, pair("other").await);
    let issuer = JwksServer::start(set(&[&one, &other])).await;
    let settings = [
        ("jwt_algorithm", "ES256"),
        ("jwt_issuer", ISSUER),
        ("jwt_audience", AUDIENCE),
        ("jwks", &issuer.url),
    ];
    let examine = async || {
        let arguments = ["doctor", "--listen", "127.0.0.1:0", "--database-url", &database.url];
        let output = program().args(arguments).envs(variables(&settings)).output().await.unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{told}");
        told.lines().find(|line| line.contains("  auth ")).expect("a finding").to_owned()
    };
    let told = examine().await;
    assert!(told.starts_with("ok") && told.contains("by 2 keys"), "{told}");
    for (answer, said) in [
        (Answer::Document("{\"keys\": []}".to_owned()), "none of its keys is for ES256"),
        (Answer::Document("<html>".to_owned()), "it is no JSON Web Key Set"),
        (Answer::Status(StatusCode::NOT_FOUND), "it answers with status 404"),
        (Answer::Elsewhere, "it answers with status 302"),
        (Answer::Silence, "it does not answer"),
    ] {
        issuer.answers(answer);
        let told = examine().await;
        assert!(told.starts_with("warn") && told.contains(said), "{told}");
    }
}
