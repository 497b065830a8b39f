//! API keys as callers show them.

use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::json;

use super::server::start;
use super::{let_in, newest_actor, refused, shown};
use crate::servers::until;
use crate::support::server::program;
use crate::support::{Api, Kind, TestDatabase, TestServer, codes, metric, on_each_database};

/// Runs `stockflow token` and answers its exit code, stdout and stderr.
pub async fn token(database_url: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = program()
        .arg("token")
        .args(arguments)
        .args(["--database-url", database_url])
        .output()
        .await
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Makes a key for one merchant, or for all.
pub async fn create(
    database: &TestDatabase,
    label: &str,
    merchant: Option<i64>,
    scopes: &[&str],
) -> String {
    let merchant = merchant.map(|id| id.to_string());
    let mut arguments = vec!["create", "--label", label];
    match &merchant {
        Some(id) => arguments.extend(["--merchant", id]),
        None => arguments.push("--all-merchants"),
    }
    arguments.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
    let (exit_code, stdout, stderr) = token(&database.url, &arguments).await;
    assert_eq!(exit_code, Some(0), "{stderr}");
    stdout.trim_end().to_owned()
}

/// The id of a key.
pub fn id(key: &str) -> &str {
    key.split('_').nth(1).unwrap()
}

/// Every scope.
pub const ALL: [&str; 4] = ["stock:read", "stock:write", "stock:manage", "audit:read"];

async fn a_key_is_its_labels_and_holds_until_it_is_revoked(database: &TestDatabase) {
    let server = start(&database.url, &[("api_keys", "true"), ("api_key_cache_ms", "200")]).await;
    let key = create(database, "back office", None, &ALL).await;
    let clerk = server.with_token(&key);
    clerk.create(1001, 10).await;
    assert_eq!(newest_actor(&clerk, 1001).await, "key:back office");

    // The id alone is nobody's secret.
    let other = create(database, "another", None, &ALL).await;
    for forged in [key.replace(id(&key), id(&other)), key[..key.len() - 1].to_owned()] {
        assert_eq!(shown(&server, &forged).await, refused());
    }
    let (exit_code, _stdout, _stderr) = token(&database.url, &["revoke", id(&key)]).await;
    assert_eq!(exit_code, Some(0));
    until("the key is refused", async || shown(&server, &key).await == refused()).await;
    assert_eq!(shown(&server, &other).await, let_in());
}

async fn a_key_that_has_expired_is_told_so(database: &TestDatabase) {
    let server = start(&database.url, &[("api_keys", "true")]).await;
    let wish = ["create", "--label", "brief", "--all-merchants", "--scope", "stock:read"];
    let (_code, key, _) =
        token(&database.url, &[&wish[..], &["--expires-in", "3s"]].concat()).await;
    let key = key.trim_end();
    assert_eq!(shown(&server, key).await, let_in());
    let told = async || {
        let query = "{ __typename }";
        let answer = server.with_token(key).post_after(None, query, json!({})).await.unwrap();
        answer.1.at("/errors/0/message").as_str().unwrap_or_default().to_owned()
    };
    // It is remembered from before, and its time is over all the same.
    until("it expires", async || told().await.contains("has expired")).await;
    let (_code, list, _) = token(&database.url, &["list"]).await;
    assert!(list.contains("expired"), "{list}");
}

/// A key is replaced while both hold: whoever sends a request again with the new one is told what
/// became of it.
async fn keys_of_one_label_are_one_caller(database: &TestDatabase) {
    let server = start(&database.url, &[("api_keys", "true")]).await;
    let [old, new, other] = [
        create(database, "shop", Some(1), &ALL).await,
        create(database, "shop", Some(1), &ALL).await,
        create(database, "other", Some(1), &ALL).await,
    ]
    .map(|key| server.with_token(&key));
    old.create(1001, 10).await;
    let deduct = async |api: &Api| {
        let payload = api.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 2)).await;
        assert_eq!(codes(&payload), [""; 0]);
        (payload["replayed"].as_bool().unwrap(), payload["flow"]["id"].clone())
    };
    let first = deduct(&old).await;
    assert!(!first.0);
    assert_eq!(deduct(&new).await, (true, first.1.clone()));
    let (replayed, id) = deduct(&other).await;
    assert!(!replayed && id != first.1, "the keys of another client are its own");
    assert_eq!(old.left(1001).await, 6);
}

async fn last_use(database: &TestDatabase, id: &str) -> Option<DateTime<Utc>> {
    let key = entity::api_key::Entity::find_by_id(id).one(&database.plain().await).await;
    key.unwrap().unwrap().last_used_at
}

async fn when_a_key_was_last_used_is_written_behind_its_back(database: &TestDatabase) {
    let before = Utc::now();
    let server = start(&database.url, &[("api_keys", "true")]).await;
    let key = create(database, "shop", None, &ALL).await;
    let unused = create(database, "idle", None, &ALL).await;
    assert_eq!(last_use(database, id(&key)).await, None);
    assert_eq!(shown(&server, &key).await, let_in());
    until("it is written", async || last_use(database, id(&key)).await.is_some()).await;
    let at = last_use(database, id(&key)).await.unwrap();
    assert!(at >= before - chrono::TimeDelta::milliseconds(1) && at <= Utc::now(), "{at}");
    assert_eq!(last_use(database, id(&unused)).await, None);
}

/// Guessing costs the database nothing: a checksum tells.
async fn what_nobody_has_made_is_not_asked_for(database: &TestDatabase) {
    let settings = [("api_keys", "true"), ("api_key_cache_ms", "3600000")];
    let server = start(&database.url, &settings).await;
    let operator = server.with_token(&create(database, "operator", None, &ALL).await);
    let elsewhere = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let unknown = create(&elsewhere, "x", None, &ALL).await;
    let reads =
        async || metric(&operator.metrics().await, "stockflow_db_reads_total{source=\"primary\"}");
    let before = reads().await;
    for place in 5..60 {
        let mut made_up = unknown.clone().into_bytes();
        made_up[place] = if made_up[place] == b'b' { b'c' } else { b'b' };
        let made_up = String::from_utf8(made_up).unwrap();
        assert_eq!(shown(&server, &made_up).await, refused(), "{place}");
    }
    assert_eq!(reads().await, before);
    assert_eq!(shown(&server, &unknown).await, refused());
    assert_eq!(reads().await, before + 1, "a checksum that is right is no proof");
    let plain = database.plain().await;
    assert_eq!(entity::api_key::Entity::find().count(&plain).await.unwrap(), 1);
}

on_each_database!(
    a_key_is_its_labels_and_holds_until_it_is_revoked,
    a_key_that_has_expired_is_told_so,
    keys_of_one_label_are_one_caller,
    when_a_key_was_last_used_is_written_behind_its_back,
    what_nobody_has_made_is_not_asked_for,
);

#[tokio::test]
async fn where_keys_are_not_taken_a_good_one_is_refused() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let settings = [("jwt_secret", "a secret that is shared with nobody else")];
    let server = super::server::start_with_jwts(&database, "HS256", &settings).await;
    let key = create(&database, "shop", None, &ALL).await;
    assert_eq!(shown(&server, &key).await, refused());
}
