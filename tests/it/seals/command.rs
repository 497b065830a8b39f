//! `stockflow audit seal`, as an operator runs it, and its keys, as OpenSSL knows them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use stockflow::audit::seal::{CheckedBy, SealFindingKind as Kind, SealPublicKey};
use stockflow::domain::{SignedSeal, clock::Clock};

use super::Shop;
use crate::servers::{ServerKind, on_each_kind};
use crate::support::granted::{Granted, run, said};
use crate::support::{Kind as DatabaseKind, TestDatabase, TestServer, on_each_database};

on_each_database!(a_seal_is_written_once_and_verified_by_openssl);
on_each_kind!(who_serves_may_seal_and_who_reads_may_not);

/// Runs OpenSSL in a folder; whether it was content.
fn openssl(folder: &Path, arguments: &str) -> bool {
    let words = arguments.split(' ');
    Command::new("openssl").args(words).current_dir(folder).output().unwrap().status.success()
}

fn bytes(hex: &Value) -> Vec<u8> {
    let digits = hex.as_str().unwrap();
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

async fn a_seal_is_written_once_and_verified_by_openssl(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let folder = tempfile::tempdir().unwrap();
    let name = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key, file) = (name("seal.key"), name("seal-1.json"));
    for pair in ["seal", "other"] {
        assert!(openssl(folder.path(), &format!("genpkey -algorithm ed25519 -out {pair}.key")));
        assert!(openssl(folder.path(), &format!("pkey -in {pair}.key -pubout -out {pair}.pub")));
    }
    let seal = ["audit", "seal", "--database-url", &database.url];
    let output = run(&[&seal[..], &["--key", &key, "--output", &file]].concat()).await;
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("seal 1 is in "), "{}", said(&output));

    let json = std::fs::read_to_string(&file).unwrap();
    let signed = SignedSeal::from_json(&json).unwrap();
    let told: Value = serde_json::from_str(&json).unwrap();
    std::fs::write(name("statement.bin"), bytes(&told["statement"])).unwrap();
    std::fs::write(name("statement.sig"), bytes(&told["signature"])).unwrap();
    let verify = |public: &str| {
        let how = "-rawin -in statement.bin -sigfile statement.sig";
        openssl(folder.path(), &format!("pkeyutl -verify -pubin -inkey {public} {how}"))
    };
    assert!(verify("seal.pub") && !verify("other.pub"));
    keys(&shop, &signed, &name).await;

    // What is there is not written over, and no seal is made in vain.
    let output = run(&[&seal[..], &["--output", &file]].concat()).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("is there already"), "{}", said(&output));
    let nowhere = name("no/such/folder.json");
    let output = run(&[&seal[..], &["--output", &nowhere]].concat()).await;
    assert!(!output.status.success() && said(&output).contains("cannot write"));
    for wrong in [name("none.key"), name("seal.pub"), file.clone()] {
        let output = run(&[&seal[..], &["--key", &wrong]].concat()).await;
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("cannot sign seals"), "{}", said(&output));
    }
    // Without a file it is printed, and is the next.
    let output = run(&seal).await;
    let second = SignedSeal::from_json(&String::from_utf8(output.stdout).unwrap()).unwrap();
    assert_eq!((second.seal.id.0, second.signature), (2, None));
    assert_eq!(second.seal.previous_hash, signed.seal.hash());
    assert!(second.seal.sealed_at <= Clock::system().now());
}

async fn keys(shop: &Shop, signed: &SignedSeal, name: &(impl Fn(&str) -> String + Sync)) {
    let public = |file: &str| SealPublicKey::load(Path::new(&name(file))).unwrap();
    let check = async |signed: &SignedSeal, key: Option<SealPublicKey>| {
        let check = shop.audit.check_seal(signed, key.as_ref()).await.unwrap();
        let kinds: Vec<Kind> = check.findings.iter().map(|finding| finding.kind).collect();
        (check.checked_by, kinds)
    };
    assert_eq!(check(signed, None).await, (CheckedBy::OwnKey, vec![]));
    let (right, other) = (public("seal.pub"), public("other.pub"));
    assert_eq!(check(signed, Some(right)).await, (CheckedBy::GivenKey, vec![]));
    let wrong = vec![Kind::SealKeyDiffers, Kind::SealSignatureWrong];
    assert_eq!(check(signed, Some(other)).await, (CheckedBy::GivenKey, wrong));
    // Its copy was changed, or its signature taken away.
    let mut forged = *signed;
    forged.seal.sku_count += 1;
    let (_by, kinds) = check(&forged, None).await;
    assert_eq!(kinds, [Kind::SealSignatureWrong, Kind::SealDiffers, Kind::SealRootDiffers]);
    let unsigned = SignedSeal { signature: None, ..*signed };
    let (_by, kinds) = check(&unsigned, Some(right)).await;
    assert_eq!(kinds, [Kind::SealUnsigned, Kind::SealDiffers]);
    assert!(SealPublicKey::load(Path::new(&name("seal.key"))).is_err());
}

async fn who_serves_may_seal_and_who_reads_may_not(kind: ServerKind) {
    let Some(granted) = Granted::start(kind).await else { return };
    let server = TestServer::start_with(&granted.url("server"), &[], &[]).await;
    server.create(1, 10).await;
    let output = run(&["audit", "seal", "--database-url", &granted.url("server")]).await;
    assert!(output.status.success(), "{}", said(&output));
    let output = run(&["audit", "seal", "--database-url", &granted.url("reader")]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("deploy/grants"), "{}", said(&output));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_are_no_tables_it_is_told() {
    let database = TestDatabase::empty(DatabaseKind::Postgres).await;
    let Some(database) = database else { return };
    let output = run(&["audit", "seal", "--database-url", &database.url]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("stockflow migrate up"), "{}", said(&output));
}
