//! `stockflow token`, as an operator runs it.

use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use super::api_keys::{create, id, token};
use crate::support::{TestDatabase, hex, on_each_database};

/// Everything that the table holds, as texts; bytes as hexadecimal.
async fn dump(database: &TestDatabase) -> String {
    let plain = database.plain().await;
    let hex = match database.kind {
        crate::support::Kind::Postgres => "encode(secret_hash, 'hex')",
        _ => "HEX(secret_hash)",
    };
    let sql = format!("SELECT id, label, scopes, {hex} AS hash FROM t_api_key ORDER BY id");
    let backend = plain.get_database_backend();
    let rows = plain.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let cells = rows.iter().flat_map(|row| {
        ["id", "label", "scopes", "hash"].map(|name| row.try_get::<String>("", name).unwrap())
    });
    cells.collect::<Vec<_>>().join("\n")
}

async fn a_key_is_shown_once_and_only_its_hash_is_kept(database: &TestDatabase) {
    let wish = [
        "create",
        "--label",
        "shop",
        "--merchant",
        "7",
        "--scope",
        "stock:read",
        "--scope",
        "stock:write",
        "--expires-in",
        "90d",
    ];
    let (exit_code, stdout, stderr) = token(&database.url, &wish).await;
    assert_eq!(exit_code, Some(0), "{stderr}");
    let key = stdout.strip_suffix('\n').unwrap();
    assert!(key.starts_with("sfk_") && !key.contains(char::is_whitespace), "{stdout:?}");
    let secret = key.split('_').nth(2).unwrap();
    assert!(!stderr.contains(secret) && stderr.contains(id(key)), "{stderr}");

    let kept = dump(database).await.to_lowercase();
    for shown in [key, secret, &secret[..16]] {
        assert!(!kept.contains(&shown.to_lowercase()), "{kept}");
        assert!(!kept.contains(&hex(shown.as_bytes())), "{kept}");
    }
    let hash = <sha2::Sha256 as sha2::Digest>::digest(key.as_bytes());
    assert!(kept.contains(&hex(&hash)), "{kept}");

    let (_code, list, _) = token(&database.url, &["list"]).await;
    for word in [id(key), "shop", "7", "stock:read stock:write", "active"] {
        assert!(list.contains(word), "{word} in {list}");
    }
    let (_code, listed, _) = token(&database.url, &["list", "--json"]).await;
    assert!(!list.contains(secret) && !listed.contains(secret));
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[0]["merchantId"], "7");
    assert_eq!(listed[0]["scopes"], json!(["stock:read", "stock:write"]));
    assert_eq!(listed[0]["state"], "active");
    assert!(listed[0]["expiresAt"].is_string() && listed[0]["lastUsedAt"].is_null());
}

async fn a_key_is_revoked_once_and_stays_on_the_list(database: &TestDatabase) {
    let key = create(database, "shop", None, &["stock:read"]).await;
    let revoke = async |id: &str| token(&database.url, &["revoke", id]).await;
    let (exit_code, stdout, _) = revoke(&format!("sfk_{}", id(&key))).await;
    assert_eq!(exit_code, Some(0));
    assert!(stdout.contains("is revoked"), "{stdout}");
    let (exit_code, stdout, _) = revoke(id(&key)).await;
    assert_eq!(exit_code, Some(0));
    assert!(stdout.contains("was revoked before"), "{stdout}");
    let (_code, list, _) = token(&database.url, &["list"]).await;
    assert!(list.contains(id(&key)) && list.contains("revoked"), "{list}");

    let (exit_code, _, stderr) = revoke("abcdefgh").await;
    assert_eq!(exit_code, Some(1));
    assert!(stderr.contains("no key abcdefgh"), "{stderr}");
    // Somebody may take the whole key for its id.
    let (exit_code, _, stderr) = revoke(&key).await;
    assert_eq!(exit_code, Some(1));
    assert!(!stderr.contains(key.split('_').nth(2).unwrap()), "{stderr}");
}

async fn a_label_is_one_clients(database: &TestDatabase) {
    let key = create(database, "shop", Some(7), &["stock:read"]).await;
    let wish = |merchant: &'static [&str]| {
        [&["create", "--label", "shop", "--scope", "stock:read"], merchant].concat()
    };
    for other in [&["--all-merchants"][..], &["--merchant", "8"]] {
        let (exit_code, stdout, stderr) = token(&database.url, &wish(other)).await;
        assert_eq!((exit_code, stdout.as_str()), (Some(1), ""));
        assert!(stderr.contains("has keys for merchant 7"), "{stderr}");
    }
    // Not even once it is revoked: the books name the label.
    token(&database.url, &["revoke", id(&key)]).await;
    assert_eq!(token(&database.url, &wish(&["--merchant", "8"])).await.0, Some(1));
    assert_eq!(token(&database.url, &wish(&["--merchant", "7"])).await.0, Some(0));
    // Texts are compared byte for byte.
    create(database, "Shop", Some(8), &["stock:read"]).await;
}

on_each_database!(
    a_key_is_shown_once_and_only_its_hash_is_kept,
    a_key_is_revoked_once_and_stays_on_the_list,
    a_label_is_one_clients,
);

#[tokio::test]
async fn a_wish_that_makes_no_sense_is_refused() {
    let database = TestDatabase::fresh(crate::support::Kind::Sqlite).await.unwrap();
    let long = "x".repeat(101);
    let all = "--all-merchants";
    let scope = ["--scope", "stock:read"];
    for (arguments, exit_code) in [
        (vec!["--label", "a", scope[0], scope[1]], 2),
        (vec!["--label", "a", all], 2),
        (vec![all, scope[0], scope[1]], 2),
        (vec!["--label", "a", all, "--merchant", "1", scope[0], scope[1]], 2),
        (vec!["--label", "a", "--merchant", "0", scope[0], scope[1]], 2),
        (vec!["--label", "a", all, "--scope", "everything"], 2),
        (vec!["--label", "a", all, scope[0], scope[1], "--expires-in", "soon"], 2),
        (vec!["--label", "a", all, scope[0], scope[1], "--expires-in", "4000000d"], 1),
        (vec!["--label", "", all, scope[0], scope[1]], 1),
        (vec!["--label", &long, all, scope[0], scope[1]], 1),
        (vec!["--label", "a\nb", all, scope[0], scope[1]], 1),
    ] {
        let (code, stdout, stderr) =
            token(&database.url, &[&["create"][..], &arguments].concat()).await;
        assert_eq!((code, stdout.as_str()), (Some(exit_code), ""), "{arguments:?}: {stderr}");
    }
    let longest = create(&database, &long[1..], None, &["stock:read"]).await;
    assert!(longest.starts_with("sfk_"));
}
