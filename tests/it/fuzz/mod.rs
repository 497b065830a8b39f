//! Documents and bytes at random, against the real server, for as long as `STOCKFLOW_FUZZ_SECONDS`
//! says; a minute in all if it says nothing.
//!
//! Whatever comes, every answer is one of GraphQL over HTTP, with a code where it is an error, and
//! tells nothing of the inside. In the end the server is healthy, answers of each SKU what the books
//! say, and stops in good order; its log has no error and no panic, and the books add up. A case that
//! fails is told with its seed: `STOCKFLOW_FUZZ_SEED` begins with that case.

mod answer;
mod bytes;
mod documents;
mod generator;

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use entity::inventory;
use sea_orm::EntityTrait as _;
use tempfile::TempDir;

use crate::support::{Kind, TestDatabase, TestServer};

/// The tests that share the time.
const TARGETS: u32 = 2;

/// A server that is asked nonsense, and what must hold of it when it was.
struct Target {
    database: TestDatabase,
    server: TestServer,
    log: PathBuf,
    ends: Instant,
    seed: u64,
    cases: u64,
    _folder: TempDir,
}

impl Target {
    async fn start() -> Self {
        let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let file = Stdio::from(std::fs::File::create(&log).unwrap());
        // Each request in a line would be a great many.
        let filter = ("STOCKFLOW_LOG__FILTER", "info,stockflow::request=off,sqlx=warn");
        let server = TestServer::start_logged(file, &database, &[filter]).await;
        for sku_id in 1001..=1003 {
            server.create(sku_id, 1_000_000).await;
        }
        let set = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
        let seconds: u64 = set("STOCKFLOW_FUZZ_SECONDS").unwrap_or(60);
        let seed = set("STOCKFLOW_FUZZ_SEED").unwrap_or_else(|| fastrand::u64(..));
        let ends = Instant::now() + Duration::from_secs(seconds) / TARGETS;
        Self { database, server, log, ends, seed, cases: 0, _folder: folder }
    }

    /// The seed of the next case, unless time is over. There is at least one.
    fn next(&mut self) -> Option<u64> {
        if self.cases > 0 && Instant::now() >= self.ends {
            return None;
        }
        self.cases += 1;
        Some(self.seed.wrapping_add(self.cases - 1))
    }

    /// The server works, told nothing loud, and knows what the books say.
    async fn unharmed(self) {
        let Self { database, server, log, cases, .. } = self;
        let health = reqwest::get(format!("{}/healthz", server.url)).await.unwrap();
        assert_eq!(health.status(), 200);
        let stocks = inventory::Entity::find().all(&database.plain().await).await.unwrap();
        assert!(stocks.len() >= 3, "{stocks:?}");
        for stock in stocks {
            assert_eq!(server.left(stock.sku_id).await, i64::from(stock.leaved_amount));
        }
        server.terminate();
        assert_eq!(server.exit_code().await, Some(0));
        let log = std::fs::read_to_string(log).unwrap();
        let loud = |line: &&str| ["ERROR", "panicked"].iter().any(|word| line.contains(word));
        let loud: Vec<&str> = log.lines().filter(loud).collect();
        assert_eq!(loud, [""; 0]);
        database.audit().await;
        eprintln!("{cases} cases");
    }
}
