//! `stockflow doctor`: every kind of trouble is provoked for real, and told.

use sea_orm::ConnectionTrait as _;
use serde_json::Value;

use crate::servers::{OwnServer, RedisServer, Replicated, ServerKind, on_each_kind, until};
use crate::support::granted::{Granted, PASSWORD, said};
use crate::support::server::program;
use crate::support::{Kind, TestDatabase, TestServer, on_each_database};

/// What the doctor found.
struct Report {
    code: Option<i32>,
    findings: Vec<Value>,
    text: String,
}

async fn examine(url: &str, arguments: &[&str]) -> Report {
    let common = ["doctor", "--json", "--database-url", url, "--listen", "127.0.0.1:0"];
    let output = program().args(common).args(arguments).output().await.unwrap();
    let text = said(&output);
    assert!(!text.contains(PASSWORD), "{text}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{text}"));
    assert_eq!(report["ok"], output.status.success(), "{text}");
    let findings = report["findings"].as_array().unwrap().clone();
    Report { code: output.status.code(), findings, text }
}

impl Report {
    /// Panics unless one finding of this check is of this level, and says this.
    #[track_caller]
    fn tells(&self, level: &str, check: &str, what: &str) {
        let told = |finding: &Value| {
            let message = finding["message"].as_str().unwrap();
            finding["level"] == level && finding["check"] == check && message.contains(what)
        };
        assert!(self.findings.iter().any(told), "no {level} {check} {what}: {}", self.text);
        if level == "fail" {
            assert_eq!(self.code, Some(1));
        }
    }

    /// Panics unless everything is as it should be.
    #[track_caller]
    fn is_good(&self) {
        let good = |finding: &Value| finding["level"] == "ok";
        assert!(self.findings.iter().all(good), "{}", self.text);
        assert_eq!(self.code, Some(0));
    }
}

async fn what_is_missing_or_wrong_is_told(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1, 10).await;
    server.create(2, 10).await;
    let report = examine(&database.url, &[]).await;
    report.tells("ok", "settings", "from flag");
    report.tells("ok", "primary", "");
    report.tells("ok", "tables", "all ");
    report.tells("ok", "clock", "");
    report.tells(
        "ok",
        "books",
        "looked at 2 of 2 SKUs, those changed last; added up the entries of 2",
    );
    report.tells("ok", "listen", "");

    let plain = database.plain().await;
    let break_it = "UPDATE t_inventory SET leaved_amount = 11 WHERE sku_id = 2";
    plain.execute_unprepared(break_it).await.unwrap();
    let report = examine(&database.url, &[]).await;
    report.tells("fail", "books", "1 SKUs are not what their entries add up to, among them 2;");
    let mend = "UPDATE t_inventory SET leaved_amount = 10 WHERE sku_id = 2";
    plain.execute_unprepared(mend).await.unwrap();

    if database.kind == Kind::Sqlite {
        use std::os::unix::fs::PermissionsExt as _;
        let file = database.url.trim_start_matches("sqlite://");
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o666)).unwrap();
        let report = examine(&database.url, &[]).await;
        report.tells("warn", "files", "everybody on this machine may write");
    } else {
        plain.execute_unprepared("DROP TABLE t_heartbeat").await.unwrap();
        let report = examine(&database.url, &[]).await;
        report.tells("fail", "rights", "there is no table t_heartbeat");
    }
    let forget = "DELETE FROM seaql_migrations WHERE version LIKE '%heartbeat%'";
    plain.execute_unprepared(forget).await.unwrap();
    let report = examine(&database.url, &[]).await;
    report.tells("fail", "tables", "not migrated: missing m20261126_000003_heartbeat");
}

async fn a_database_without_tables_is_told_and_left_without(kind: Kind) {
    let Some(database) = TestDatabase::empty(kind).await else { return };
    let report = examine(&database.url, &[]).await;
    if kind == Kind::Sqlite {
        report.tells("warn", "primary", "does not exist yet");
        let file = database.url.trim_start_matches("sqlite://");
        assert!(!std::path::Path::new(file).exists(), "it was created");
        return;
    }
    report.tells("fail", "tables", "not migrated: missing m20");
    // The tests' shared servers flush nothing, so that they are fast.
    report.tells("fail", "durability", " = ");
    assert!(database.connect().await.migrations().await.unwrap().iter().all(|it| !it.applied));
}

on_each_database!(what_is_missing_or_wrong_is_told);

#[tokio::test]
async fn databases_without_tables_are_told_and_left_without() {
    for kind in [Kind::Sqlite, Kind::MariaDb, Kind::Postgres] {
        a_database_without_tables_is_told_and_left_without(kind).await;
    }
}

on_each_kind!(
    rights_are_told_that_lack_and_that_are_too_many,
    a_database_that_is_set_to_do_harm_is_told,
    replicas_are_looked_at,
);

async fn a_database_that_is_set_to_do_harm_is_told(kind: ServerKind) {
    let Some(granted) = Granted::start(kind).await else { return };
    let url = granted.url("server");
    match kind {
        ServerKind::MariaDb => {
            for sql in [
                "SET GLOBAL innodb_flush_log_at_trx_commit = 2",
                "SET GLOBAL max_allowed_packet = 1048576",
                "ALTER USER stockflow_server@'%' WITH MAX_USER_CONNECTIONS 25",
            ] {
                granted.administer_stock(sql).await;
            }
            let report = examine(&url, &[]).await;
            report.tells("warn", "durability", "innodb_flush_log_at_trx_commit = 2");
            report.tells("warn", "session", "max_allowed_packet = 1048576");
            report.tells("warn", "connections", "room for 1 such servers");
            assert_eq!(report.code, Some(0), "a warning is no failure");
        }
        ServerKind::Postgres => {
            for sql in [
                "ALTER ROLE stockflow_server SET synchronous_commit = off",
                "ALTER ROLE stockflow_server CONNECTION LIMIT 10",
            ] {
                granted.administer_stock(sql).await;
            }
            let report = examine(&url, &[]).await;
            report.tells("fail", "durability", "synchronous_commit = off");
            report.tells("fail", "connections", "room for 0 such servers");
        }
    }
}

async fn rights_are_told_that_lack_and_that_are_too_many(kind: ServerKind) {
    let Some(granted) = Granted::start(kind).await else { return };
    let url = granted.url("server");
    examine(&url, &[]).await.is_good();

    let user = match kind {
        ServerKind::MariaDb => "stockflow_server@'%'",
        ServerKind::Postgres => "stockflow_server",
    };
    let run = async |sql: &str| granted.administer_stock(&sql.replace("USER", user)).await;
    run("GRANT UPDATE ON t_inventory_flow TO USER").await;
    let report = examine(&url, &[]).await;
    report.tells("warn", "rights", "may UPDATE t_inventory_flow");
    assert_eq!(report.code, Some(0), "a warning is no failure");
    run("REVOKE UPDATE ON t_inventory_flow FROM USER").await;
    run("REVOKE INSERT ON t_inventory_flow FROM USER").await;
    run("REVOKE UPDATE ON t_heartbeat FROM USER").await;
    let report = examine(&url, &[]).await;
    report.tells("fail", "rights", "may not INSERT t_inventory_flow");
    report.tells("warn", "rights", "may not UPDATE t_heartbeat");
    let scheme = url.split_once("://").unwrap().0;
    let nowhere = ["--replica-url", &format!("{scheme}://stockflow_reader@127.0.0.1:1/stock")];
    let report = examine(&url, &nowhere).await;
    report.tells("fail", "rights", "may not UPDATE t_heartbeat");
    run("REVOKE SELECT ON seaql_migrations FROM USER").await;
    let report = examine(&url, &[]).await;
    report.tells("fail", "rights", "may not SELECT seaql_migrations");
    let owner = examine(&granted.url("owner"), &[]).await;
    owner.tells("warn", "rights", "may UPDATE and DELETE t_inventory_flow");
    owner.tells("warn", "rights", "may change tables");

    // Trust is how the tests' PostgreSQL knows anybody; so another name stands for a wrong password.
    let wrong = match kind {
        ServerKind::MariaDb => url.replace(PASSWORD, "s3cret-and-wrong"),
        ServerKind::Postgres => url.replace("_server", "_nobody"),
    };
    let report = examine(&wrong, &[]).await;
    report.tells("fail", "primary", "cannot open the database");
    // One that hangs is given up.
    granted.server.pause();
    let report = examine(&url, &[]).await;
    report.tells("fail", "primary", "there was no answer within");
}

async fn replicas_are_looked_at(kind: ServerKind) {
    let Some(servers) = Replicated::start(kind, 2).await else { return };
    let url = servers.create_database().await;
    let replicas = [servers.replica_url(0), servers.replica_url(1)];
    let arguments = ["--replica-url", &replicas[0], "--replica-url", &replicas[1]];
    let server = TestServer::start_with(&url, &arguments, &[]).await;
    server.create(1, 10).await;
    until("both are told to keep up", async || {
        let report = examine(&url, &arguments).await;
        let keeps_up =
            |finding: &&Value| finding["message"].as_str().unwrap().contains("lags behind");
        report.findings.iter().filter(|it| it["level"] == "ok").filter(keeps_up).count() == 2
    })
    .await;
    let primary = ["--replica-url", url.as_str()];
    examine(&url, &primary).await.tells("fail", "replicas", "takes changes");
    examine(&replicas[0], &[]).await.tells("fail", "session", "takes no changes");

    servers.stop_replication(0).await;
    servers.pause(1);
    let bounded = [&arguments[..], &["--replica-lag-max", "1000"]].concat();
    until("one is told to lag behind", async || {
        let report = examine(&url, &bounded).await;
        report.tells("fail", "replicas", "gives no answer within");
        report.text.contains("more than database.replica_lag_ms_max allows (1000)")
    })
    .await;
    servers.resume(1);
    servers.kill(1);
    examine(&url, &bounded).await.tells("fail", "replicas", "cannot open the database");

    // Without a server that keeps the beat, one that stands still is told all the same.
    server.crash().await;
    until("nobody keeps the beat", async || {
        examine(&url, &arguments).await.text.contains("has not got what the primary had")
    })
    .await;
}

#[tokio::test]
async fn other_books_are_no_replica_of_these() {
    let Some(servers) = Replicated::start(ServerKind::MariaDb, 1).await else { return };
    servers.create_database().await;
    let replica = servers.replica_url(0);
    let Some(other) = OwnServer::start(ServerKind::MariaDb).await else { return };
    let url = other.create_database().await;
    for url in [&url, &servers.primary_url()] {
        let migrated = program().args(["migrate", "up", "--database-url", url]).status().await;
        assert!(migrated.unwrap().success());
    }
    servers.caught_up(0).await;
    let plain = sea_orm::Database::connect(&url).await.unwrap();
    let earlier = "UPDATE seaql_migrations SET applied_at = applied_at - 1000";
    plain.execute_unprepared(earlier).await.unwrap();
    let report = examine(&url, &["--replica-url", &replica]).await;
    report.tells("fail", "replicas", "has other books");

    // What the doctor says of the format, the database does.
    let url = servers.primary_url();
    let primary = sea_orm::Database::connect(&url).await.unwrap();
    primary.execute_unprepared("SET GLOBAL binlog_format = 'STATEMENT'").await.unwrap();
    examine(&url, &[]).await.tells("fail", "session", "binlog_format = STATEMENT");
    let database = stockflow::db::DatabaseSettings::new(&url);
    let database = stockflow::db::Database::connect(&database).await.unwrap();
    let beat = database.writer().execute_unprepared("UPDATE t_heartbeat SET beat_us = 1").await;
    assert!(beat.unwrap_err().to_string().contains("1665"));
}

#[tokio::test]
async fn redis_is_looked_at() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let Some(redis) = RedisServer::start().await else { return };
    let url = redis.url();
    let arguments = ["--redis-url", url.as_str()];
    let patient = [("STOCKFLOW_CACHE__REDIS_TIMEOUT_MS", "10000")];
    let examine_patiently = async |arguments: &[&str]| {
        let common = ["doctor", "--listen", "127.0.0.1:0", "--database-url", &database.url];
        said(&program().args(common).args(arguments).envs(patient).output().await.unwrap())
    };
    let told = examine_patiently(&arguments).await;
    assert!(told.contains("(standalone) at redis://127.0.0.1"), "{told}");
    let told = examine_patiently(&[&arguments[..], &["--redis-cluster"]].concat()).await;
    assert!(told.contains("FAIL  redis") && told.contains("is of mode standalone"), "{told}");
    redis.command(&["CONFIG", "SET", "maxmemory", "10mb"]).await;
    redis.command(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]).await;
    let told = examine_patiently(&arguments).await;
    assert!(told.contains("warn  redis") && told.contains("fills up"), "{told}");
    redis.command(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]).await;
    let told = examine_patiently(&arguments).await;
    assert!(told.contains("ok    redis"), "{told}");
    redis.command(&["CONFIG", "SET", "requirepass", "other"]).await;
    let with_password = url.replace("redis://", &format!("redis://:{PASSWORD}@"));
    let report = examine(&database.url, &["--redis-url", &with_password]).await;
    report.tells("fail", "redis", "redis://:***@127.0.0.1");
    redis.pause();
    examine(&database.url, &arguments).await.tells("fail", "redis", "timed out");
    redis.resume();
    redis.kill();
    examine(&database.url, &arguments).await.tells("fail", "redis", "refused");
}

#[tokio::test]
async fn who_has_the_address_is_told() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    let address = server.url.trim_start_matches("http://");
    // The last word counts.
    let report = examine(&database.url, &[]).await;
    report.tells("ok", "listen", "is free");
    let examine_at = async |address: &str| {
        let arguments = ["doctor", "--database-url", &database.url, "--listen", address];
        let output = program().args(arguments).arg("--insecure-no-auth").output().await.unwrap();
        said(&output)
    };
    assert!(examine_at(address).await.contains("is in use by a server that answers /healthz"));
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let told = examine_at(&silent.local_addr().unwrap().to_string()).await;
    assert!(told.contains("FAIL  listen") && told.contains("no stockflow"), "{told}");
    let told = examine_at("203.0.113.1:80").await;
    assert!(told.contains("FAIL  listen") && told.contains("cannot be listened on"), "{told}");

    let operations = silent.local_addr().unwrap().to_string();
    let report = examine(&database.url, &["--operations-listen", &operations]).await;
    report.tells("ok", "listen", "127.0.0.1:0 is free");
    report.tells("fail", "listen", &format!("{operations} is in use by something"));
    let report = examine(&database.url, &["--operations-listen", address]).await;
    report.tells("ok", "listen", "is in use by a server that answers /healthz");
}

#[tokio::test]
async fn who_may_call_is_told() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    examine(&database.url, &[]).await.tells("ok", "auth", "listens to this machine alone");
    let report = examine(&database.url, &["--insecure-no-auth"]).await;
    report.tells("warn", "auth", "whoever reaches the server may do everything");
    let (_folder, path) = crate::settings::file("[auth]\napi_keys = true\n");
    let report = examine(&database.url, &["--config", &path]).await;
    report.tells("ok", "auth", "API keys are taken");
}
