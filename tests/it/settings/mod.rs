//! `stockflow config`, run as an operator runs it: no database is there, and none is needed.

use crate::support::granted::{run, said};
use crate::support::hex;
use crate::support::server::program;

/// A file of settings of a test's own.
pub fn file(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stockflow.toml");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[tokio::test]
async fn settings_that_hold_are_told_in_one_line() {
    let (_folder, path) = file("[database]\nurl = 'postgres://clerk:s3cret@nowhere/stock'\n");
    let arguments = ["config", "check", "--listen", "127.0.0.1:1", "--config", &path];
    let output = run(&arguments).await;
    let told = said(&output);
    assert!(output.status.success(), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    for part in ["these settings hold", "1 from flag", &format!("1 from {path}")] {
        assert!(told.contains(part), "{told}");
    }
}

#[tokio::test]
async fn every_fault_is_told_with_where_it_is_from_and_without_secrets() {
    let (_folder, path) = file(
        "[ledger]\nqueue_mx = 1\nbatch_max = 0\n\
         [cache]\nredis_urls = ['http://:s3cret@cache']\n",
    );
    let output = program()
        .args(["config", "check", "--config", &path, "--ledger-lanes", "65"])
        .env("STOCKFLOW_LOGS__FORMAT", "json")
        .env("STOCKFLOW_REDIS_URL", "redis://:s3cret@cache")
        .output()
        .await
        .unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1));
    for line in [
        format!(
            "ledger.queue_mx: there is no such setting; did you mean ledger.queue_max? ({path})"
        ),
        format!("ledger.batch_max: must be from 1 to 2500, is 0 ({path})"),
        "ledger.lanes: must be from 1 to 64, is 65 (flag)".to_owned(),
        "logs.format: there is no such setting; did you mean log.format? (environment, \
         STOCKFLOW_LOGS__FORMAT)"
            .to_owned(),
        "STOCKFLOW_REDIS_URL: there is no such variable; did you mean STOCKFLOW_REDIS_URLS?"
            .to_owned(),
    ] {
        assert!(told.lines().any(|told| told == format!("stockflow: {line}")), "{line}: {told}");
    }
    assert!(told.contains("cache.redis_urls: must begin with redis://"), "{told}");
    assert_eq!(told.lines().count(), 6, "{told}");
    assert!(!told.contains("s3cret"), "{told}");
}

#[tokio::test]
async fn what_another_room_would_refuse_is_told_as_well() {
    let arguments = [
        "config",
        "check",
        "--database-url",
        "postgres://clerk:s3cret@db:port/stock",
        "--replica-url",
        "mysql://clerk:s3cret@db/stock",
        "--redis-url",
        "redis://:s3cret@cache:port",
    ];
    let output = run(&arguments).await;
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1));
    for part in ["database.url: ", "database.replica_urls: ", "cache.redis_urls: "] {
        assert!(told.contains(part), "{told}");
    }
    assert!(!told.contains("s3cret"), "{told}");
}

/// Whatever `serve` would refuse without having asked anybody, `config check` refuses, and `doctor`.
#[tokio::test]
async fn what_serve_refuses_is_told_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("stock.db").display());
    let name = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (missing, no_json, wrong_hash) = (name("missing"), name("no-json"), name("wrong-hash"));
    let (misfit, no_keys, no_set) = (name("misfit"), name("no-keys"), name("no-set"));
    let of_hash = |document: &str| {
        let hash = <sha2::Sha256 as sha2::Digest>::digest(document);
        serde_json::json!({ hex(&hash): document }).to_string()
    };
    let right = name("right");
    for (path, text) in [
        (&no_json, "{".to_owned()),
        (&wrong_hash, serde_json::json!({ "0".repeat(64): "{ __typename }" }).to_string()),
        (&misfit, of_hash("{ nothing }")),
        (&right, of_hash("{ inventories { totalCount } }")),
        (&no_keys, "{\"keys\": []}".to_owned()),
        (&no_set, "<html>".to_owned()),
    ] {
        std::fs::write(path, text).unwrap();
    }
    let jwt = |jwks: &str| {
        format!(
            "[auth]\njwt_algorithm = 'ES256'\njwt_issuer = 'i'\njwt_audience = 'a'\njwks = '{jwks}'\n"
        )
    };
    let trusted = |path: &str| format!("[graphql]\ntrusted_documents_file = '{path}'\n");
    let sealing = |path: &str| format!("[audit]\nseal_key_file = '{path}'\n");
    let nobody = "nobody is authenticated";
    for (settings, key, part) in [
        ("[server]\nlisten = '0.0.0.0:0'\n".to_owned(), "server.listen", nobody),
        (trusted(&missing), "graphql.trusted_documents_file", "No such file"),
        (trusted(&no_json), "graphql.trusted_documents_file", "an object of texts by their hashes"),
        (trusted(&wrong_hash), "graphql.trusted_documents_file", "is not the SHA-256"),
        (trusted(&misfit), "graphql.trusted_documents_file", "nothing"),
        (sealing(&missing), "audit.seal_key_file", "cannot be read"),
        (sealing(&no_json), "audit.seal_key_file", "no private key of Ed25519"),
        (jwt(&missing), "auth.jwks", "cannot be read"),
        (jwt(&no_set), "auth.jwks", "it is no JSON Web Key Set"),
        (jwt(&no_keys), "auth.jwks", "none of its keys is for ES256"),
    ] {
        let (_folder, path) = file(&settings);
        let common = ["--database-url", &database, "--config", &path];
        for subcommand in [&["config", "check"][..], &["doctor"], &["serve"]] {
            let output = run(&[subcommand, &common].concat()).await;
            let told = said(&output);
            assert_eq!(output.status.code(), Some(1), "{subcommand:?} of {settings}: {told}");
            assert!(told.contains(part), "{subcommand:?} of {settings}: {told}");
            if subcommand != ["serve"] {
                assert!(told.contains(&format!("{key}: ")), "{told}");
            }
        }
    }
    for settings in ["[server]\nlisten = '0.0.0.0:0'\n[auth]\napi_keys = true\n", &trusted(&right)]
    {
        let (_folder, path) = file(settings);
        let output = run(&["config", "check", "--config", &path]).await;
        assert!(output.status.success(), "{}", said(&output));
    }
}

#[tokio::test]
async fn a_file_that_does_not_parse_is_told_without_its_text() {
    let (_folder, path) = file("[database]\nurl = \"postgres://clerk:s3cret@db/stock\n");
    for subcommand in [&["config", "check"][..], &["config", "show"], &["serve"], &["doctor"]] {
        let output = run(&[subcommand, &["--config", &path]].concat()).await;
        let told = said(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("line 2") && !told.contains("s3cret"), "{told}");
    }
}

#[tokio::test]
async fn what_is_shown_is_a_file_without_secrets() {
    let (_folder, path) = file(
        "[database]\nurl = 'postgres://clerk:s3cret@db/stock?password=s3cret'\n\
         replica_urls = ['postgres://clerk:s3cret@db2/stock']\n[ledger]\nlanes = 2\n",
    );
    let output = program()
        .args(["config", "show", "--config", &path, "--listen", "[::1]:1"])
        .env("STOCKFLOW_REDIS_URLS", "redis://:s3cret@a, redis://b")
        .output()
        .await
        .unwrap();
    let told = said(&output);
    assert!(output.status.success(), "{told}");
    for line in [
        format!("lanes = 2  # {path}"),
        "listen = \"[::1]:1\"  # flag".to_owned(),
        "format = \"auto\"  # default".to_owned(),
    ] {
        assert!(told.lines().any(|told| told == line), "{line}: {told}");
    }
    assert!(told.contains("redis_urls = [\"redis://:***@a\", \"redis://b\"]  # environment"));
    assert!(told.contains("postgres://clerk:***@db/stock?***"), "{told}");
    assert!(!told.contains("s3cret"), "{told}");

    let (_folder, again) = file(&told);
    assert!(run(&["config", "check", "--config", &again]).await.status.success(), "{told}");
}

#[tokio::test]
async fn the_defaults_are_shown_as_they_are_commented() {
    let output = run(&["config", "show", "--defaults"]).await;
    assert!(output.status.success());
    assert_eq!(said(&output).trim_end(), stockflow::config::DEFAULTS.trim_end());
}

#[tokio::test]
async fn each_subcommand_explains_itself() {
    for subcommand in
        [&["config"][..], &["config", "check"], &["config", "show"], &["doctor"], &["healthcheck"]]
    {
        let output = run(&[subcommand, &["--help"]].concat()).await;
        assert!(output.status.success() && said(&output).contains("Usage:"), "{subcommand:?}");
    }
}
