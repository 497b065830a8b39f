//! API keys while the database cannot be asked, or lets nothing be written.

use sea_orm::ConnectionTrait as _;

use super::api_keys::{create, token};
use super::server::start;
use super::{let_in, shown, undecided};
use crate::servers::{OwnServer, ServerKind, on_each_kind, until};
use crate::support::{Kind, TestDatabase, on_each_database};

/// A key that the server has not seen, or not lately, is neither good nor bad while nobody can tell.
async fn what_cannot_be_asked_for_is_no_refusal(kind: ServerKind) {
    let Some(mut own) = OwnServer::start(kind).await else { return };
    let url = own.create_database().await;
    let wish = ["create", "--label", "shop", "--all-merchants", "--scope", "stock:read"];
    let (_code, key, _) = token(&url, &wish).await;
    let key = key.trim_end();
    let forgetful = start(&url, &[("api_keys", "true"), ("api_key_cache_ms", "50")]).await;
    let mindful = start(&url, &[("api_keys", "true"), ("api_key_cache_ms", "3600000")]).await;
    assert_eq!(shown(&forgetful, key).await, let_in());
    assert_eq!(shown(&mindful, key).await, let_in());

    own.kill();
    until("nobody can tell", async || {
        let answer = shown(&forgetful, key).await;
        assert!(answer == let_in() || answer == undecided(), "{answer:?}");
        answer == undecided()
    })
    .await;
    assert_eq!(shown(&mindful, key).await, let_in(), "what is remembered holds");

    own.restart().await;
    until("it is told again", async || {
        let answer = shown(&forgetful, key).await;
        assert!(answer == let_in() || answer == undecided(), "{answer:?}");
        answer == let_in()
    })
    .await;
}

/// What is no fault of the caller's, and does not mend itself, is neither a refusal nor a promise.
async fn a_table_that_is_missing_is_the_servers_fault(database: &TestDatabase) {
    let key = create(database, "shop", None, &["stock:read"]).await;
    let server = start(&database.url, &[("api_keys", "true")]).await;
    database.plain().await.execute_unprepared("DROP TABLE t_api_key").await.unwrap();
    assert_eq!(shown(&server, &key).await, (500, "INTERNAL".to_owned()));
}

on_each_database!(a_table_that_is_missing_is_the_servers_fault);

on_each_kind!(what_cannot_be_asked_for_is_no_refusal);

/// A user who may only read the keys is enough; their last use is then not known.
async fn keys_are_taken_without_the_right_to_write(kind: Kind, grants: &[&str], user_url: &str) {
    let Some(database) = TestDatabase::fresh(kind).await else { return };
    let key = create(&database, "shop", None, &["stock:read"]).await;
    let plain = database.plain().await;
    let name = database.url.rsplit('/').next().unwrap();
    for grant in grants {
        plain.execute_unprepared(&grant.replace("NAME", name)).await.unwrap();
    }
    let host = database.url.split('@').nth(1).unwrap();
    let url = user_url.replace("HOST/NAME", host).replace("NAME", name);
    let server = start(&url, &[("api_keys", "true"), ("api_key_cache_ms", "0")]).await;
    for _request in 0..100 {
        assert_eq!(shown(&server, &key).await, let_in());
    }
}

#[tokio::test]
async fn a_user_of_mariadb_who_may_read_keys_is_enough() {
    let grants = [
        "CREATE USER 'reader_NAME'@'%' IDENTIFIED BY 'secret'",
        "GRANT SELECT ON t_api_key TO 'reader_NAME'@'%'",
        "GRANT SELECT ON t_inventory TO 'reader_NAME'@'%'",
        "GRANT SELECT ON seaql_migrations TO 'reader_NAME'@'%'",
    ];
    let url = "mysql://reader_NAME:secret@HOST/NAME";
    keys_are_taken_without_the_right_to_write(Kind::MariaDb, &grants, url).await;
}

#[tokio::test]
async fn a_user_of_postgres_who_may_read_keys_is_enough() {
    let grants = [
        "CREATE USER reader_NAME PASSWORD 'secret'",
        "GRANT SELECT ON t_api_key TO reader_NAME",
        "GRANT SELECT ON t_inventory TO reader_NAME",
        "GRANT SELECT ON seaql_migrations TO reader_NAME",
    ];
    let url = "postgres://reader_NAME:secret@HOST/NAME";
    keys_are_taken_without_the_right_to_write(Kind::Postgres, &grants, url).await;
}
