//! How the books are read: which source is asked, and which one after it.
//!
//! Who asks for the primary is answered by the primary. Who can do with a replica is answered by
//! one that is not too old for the question; if one fails, the next is asked, and at last the
//! primary: for so many reads at once only, that the loss of the replicas does not take the primary
//! along, which has changes of stock to write. Where there are no replicas the primary answers
//! everything.

use std::time::{Duration, Instant};

use backon::{ConstantBuilder, Retryable as _};
use sea_orm::{ConnectionTrait as _, QueryResult, Statement};

use super::inspection::Told;
use super::replicas::Answer;
use super::{Database, Dialect, Fault, heartbeat};
use crate::domain::{Origin, ReadAfter, Source, Visibility};

/// How long one read may take: longer than counting millions of entries, shorter than for ever.
pub(super) const READ_MAX: Duration = Duration::from_secs(30);

/// Dead connections that one read passes by; more than a pool holds by default.
const DEAD_CONNECTIONS_MAX: usize = 32;

/// Which source is to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadFrom {
    /// The primary and nobody else.
    Primary,
    /// A replica if one will do, and the primary if not.
    Replica,
}

/// What a read asks of its source.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Which it may be.
    pub from: ReadFrom,
    /// The versions that the source must have reached.
    pub reached: &'a ReadAfter,
    /// Whose SKUs count among these: the version of another is as little reached as that of one
    /// that does not exist.
    pub visibility: Visibility,
    /// Whether whoever asks sees to it that only a few such reads are under way at once.
    pub few: bool,
}

/// What a read answers.
#[derive(Debug)]
pub struct Rows {
    /// The rows.
    pub rows: Vec<QueryResult>,
    /// Where they came from, and since when they may have been outdated.
    pub origin: Origin,
}

impl Database {
    /// Reads by a statement that changes nothing.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the primary fails, too many reads are with it in place of replicas, or a
    /// replica did not come to an end in time, as nobody else would.
    pub async fn read(&self, statement: Statement, wanted: Wanted<'_>) -> Result<Rows, Fault> {
        if wanted.from == ReadFrom::Primary || self.replicas.is_empty() {
            let rows = self.read_primary(&statement).await?;
            self.metrics.read_by_primary();
            return Ok(rows);
        }
        let why = match self.replicas.read(&statement, wanted).await? {
            Answer::Rows(rows) => return Ok(rows),
            Answer::None(why) => why,
        };
        let _turn = if wanted.few { None } else { Some(self.replicas.fall_back(why).await?) };
        let rows = self.read_primary(&statement).await?;
        self.metrics.read_by_fallback();
        Ok(rows)
    }

    /// What the primary's clock shows, and whether it takes changes; `None` of a file, which has no
    /// clock. Whoever connects to a replica as if it were the primary learns it here.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it does not answer.
    pub async fn told(&self) -> Result<Option<Told>, Fault> {
        if self.dialect == Dialect::Sqlite {
            return Ok(None);
        }
        let Rows { rows, .. } = self.read_primary(&heartbeat::question(self.dialect)).await?;
        Told::of(rows.first().ok_or_else(Fault::silent)?).map(Some)
    }

    /// Whether there is anybody to read from but the primary.
    pub fn has_replicas(&self) -> bool {
        !self.replicas.is_empty()
    }

    /// Reads by one connection, or by another if that one turns out to be dead: a read may be
    /// repeated, and a database that was restarted leaves as many dead ones as the pool had.
    async fn read_primary(&self, statement: &Statement) -> Result<Rows, Fault> {
        let read = || async {
            let as_of = Instant::now();
            let rows = self.reader.query_all_raw(statement.clone());
            match tokio::time::timeout(READ_MAX, rows).await {
                Ok(rows) => {
                    let origin = Origin { source: Source::Primary, as_of };
                    Ok(Rows { rows: rows?, origin })
                }
                Err(_elapsed) => Err(Fault::silent()),
            }
        };
        let once_more = ConstantBuilder::default()
            .with_delay(Duration::from_millis(1))
            .with_max_times(DEAD_CONNECTIONS_MAX);
        read.retry(once_more).when(Fault::is_lost_connection).await
    }
}
