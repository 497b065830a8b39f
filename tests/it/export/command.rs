//! `stockflow export` and `stockflow export check`.

use std::process::Output;

use super::{CSV, JSON_LINES, export, read, trade};
use crate::support::granted::{run, said};
use crate::support::server::program;
use crate::support::{Kind, TestDatabase, TestServer, on_each_database};

async fn by_command(database: &TestDatabase, arguments: &[&str]) -> Output {
    run(&[&["export"], arguments, &["--database-url", &database.url]].concat()).await
}

async fn the_command_writes_what_the_server_sends(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    trade(&server).await;
    for (arguments, query) in [
        (&[][..], CSV.to_owned()),
        (&["--format", "jsonl"], JSON_LINES.to_owned()),
        (
            &[
                "--sku",
                "2",
                "--sku",
                "1",
                "--merchant",
                "1",
                "--kind",
                "REFUND",
                "--kind",
                "DEDUCTION",
                "--from",
                "2020-01-01T08:00:00+08:00",
                "--to",
                "2999-01-01T00:00:00Z",
                "--actor",
                "anonymous",
                "--quantity-min",
                "-5",
                "--quantity-max",
                "5",
                "--last-flow-id",
                "10",
            ],
            format!(
                "{CSV}?skuId=1&skuId=2&merchantId=1&kind=DEDUCTION&kind=REFUND\
                 &createdAt.from=2020-01-01T00:00:00Z&createdAt.to=2999-01-01T00:00:00Z\
                 &actor=anonymous&quantityTrade.min=-5&quantityTrade.max=5&lastFlowId=10"
            ),
        ),
        (
            &["--key", "=refund", "--deduction", "4", "--order-detail", "order take 0"],
            format!("{CSV}?idempotencyKey=%3Drefund&deductionId=4&orderDetailId=order%20take%200"),
        ),
    ] {
        let output = by_command(database, arguments).await;
        assert!(output.status.success(), "{}", said(&output));
        let sent = export(&server, &query).await;
        assert_eq!(String::from_utf8(output.stdout), String::from_utf8(sent), "{arguments:?}");
    }
}

async fn a_file_is_whole_or_known_not_to_be(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    trade(&server).await;
    let folder = tempfile::tempdir().unwrap();
    for format in ["csv", "jsonl"] {
        let path = folder.path().join(format!("flows.{format}"));
        let path = path.to_str().unwrap();
        let written = by_command(database, &["--format", format, "--output", path]).await;
        assert!(said(&written).contains("exported 12 entries to "), "{}", said(&written));
        let check = async || run(&["export", "check", path]).await;
        let fine = check().await;
        assert!(
            fine.status.success() && said(&fine).contains("is whole: 12 entries up to flow id 12")
        );

        let whole = std::fs::read(path).unwrap();
        std::fs::write(path, &whole[..whole.len() / 2]).unwrap();
        let cut_off = check().await;
        assert_eq!(cut_off.status.code(), Some(1));
        assert!(said(&cut_off).contains("it was cut off"), "{}", said(&cut_off));

        let mut changed = whole.clone();
        let digit = changed.iter().rposition(|byte| *byte == b'\n').unwrap() / 2;
        changed[digit] ^= 1;
        std::fs::write(path, &changed).unwrap();
        let changed = check().await;
        assert_eq!(changed.status.code(), Some(1));
        assert!(said(&changed).contains("it was changed"), "{}", said(&changed));
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing unfinished is left");
}

on_each_database!(the_command_writes_what_the_server_sends, a_file_is_whole_or_known_not_to_be);

#[tokio::test]
async fn what_cannot_be_exported_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let missing = format!("sqlite://{}", folder.path().join("none.db").display());
    let nowhere = run(&["export", "--database-url", &missing]).await;
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(said(&nowhere).contains("cannot open the database"), "{}", said(&nowhere));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "an export makes no file");

    let empty = TestDatabase::empty(Kind::Sqlite).await.unwrap();
    drop(empty.connect().await);
    let bare = by_command(&empty, &[]).await;
    assert_eq!(bare.status.code(), Some(1));
    assert!(said(&bare).contains("Run `stockflow migrate up` first"), "{}", said(&bare));

    for arguments in [
        &["export", "--kind", "SALE"][..],
        &["export", "--sku", "0"],
        &["export", "--from", "yesterday"],
        &["export", "--format", "xml"],
    ] {
        assert_eq!(run(arguments).await.status.code(), Some(2), "{arguments:?}");
    }
    let wrong = by_command(&empty, &["--quantity-min", "2", "--quantity-max", "1"]).await;
    assert!(said(&wrong).contains("--quantity-min must not be above --quantity-max"));
    let no_file = run(&["export", "check", "/nowhere/flows.csv"]).await;
    assert_eq!(no_file.status.code(), Some(1));
}

/// `stockflow export | head -1` is right, and is not all of it.
#[tokio::test]
async fn who_reads_no_more_is_told_nothing() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    crate::plans::fill(&database.plain().await).await;
    let mut child = program()
        .args(["export", "--database-url", &database.url])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().await.unwrap();
    assert_eq!((output.status.code(), said(&output).as_str()), (Some(1), ""));
}

/// An entry that makes no sense ends an export; nobody takes what is before it for all.
#[tokio::test]
async fn an_entry_that_makes_no_sense_leaves_no_file() {
    use sea_orm::ConnectionTrait as _;
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    trade(&server).await;
    let sql = "UPDATE t_inventory_flow SET kind = 9 WHERE id = 7";
    database.plain().await.execute_unprepared(sql).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flows.csv");
    let failed = by_command(&database, &["--output", path.to_str().unwrap()]).await;
    assert_eq!(failed.status.code(), Some(1));
    assert!(said(&failed).contains("entry 7 cannot be exported"), "{}", said(&failed));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let up_to = by_command(&database, &["--format", "jsonl", "--last-flow-id", "6"]).await;
    assert_eq!(read(&up_to.stdout).0.len(), 6);
}
