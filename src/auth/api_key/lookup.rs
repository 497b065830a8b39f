//! Finds keys by their ids: in memory, then in the database, where many share one question.
//!
//! What is remembered holds for a bounded time, counted from before the database was asked. That
//! there is no such key is remembered too, for a shorter time and in a place of its own, so that
//! made-up ids neither ask the database over and over nor make good keys be forgotten.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use entity::api_key::Model;
use futures_util::FutureExt as _;
use moka::sync::Cache;

use super::{KeyId, table};
use crate::auth::{Caller, Scopes};
use crate::db::{Database, Fault};
use crate::domain::{FaultKind, MerchantId, Visibility};
use crate::gather::{Gather, GatherSettings, NotAsked};

/// Keys of one statement.
const KEYS_MAX: usize = 200;

/// Statements under way at once: a few connections for those who are not known must be enough.
const STATEMENTS_MAX: usize = 2;

/// Those who may wait for one; one more is turned away.
const WAITING_MAX: usize = 10_000;

/// How long a lookup may take, the waiting for others included.
const LOOKUP_MAX: Duration = Duration::from_secs(5);

/// Keys, and ids of which there is no key, that are remembered.
const REMEMBERED_MAX: u64 = 10_000;

/// How long it is remembered that there is no key of an id, at the most: whoever has just made one
/// may try it at once, and may have tried before.
const UNKNOWN_MAX: Duration = Duration::from_secs(1);

/// A key that there is.
#[derive(Debug)]
pub(super) struct FoundKey {
    pub(super) secret_hash: [u8; 32],
    pub(super) caller: Caller,
    pub(super) expires_at: Option<DateTime<Utc>>,
    pub(super) is_revoked: bool,
    /// When its use was last noted, in milliseconds since 1970.
    pub(super) noted_at_ms: AtomicI64,
}

/// What the database answers of an id, and since when it may be outdated.
#[derive(Clone, Debug)]
struct Answer {
    key: Option<Arc<FoundKey>>,
    as_of: Instant,
}

/// Finds keys.
#[derive(Debug)]
pub(super) struct Lookup {
    known: Cache<KeyId, Answer>,
    unknown: Cache<KeyId, Answer>,
    known_max: Duration,
    unknown_max: Duration,
    row: Gather<KeyId, Answer, FaultKind>,
}

impl Lookup {
    /// Asks `database`, and remembers for `known_max` what it has answered.
    pub(super) fn new(database: Database, known_max: Duration) -> Self {
        let settings = GatherSettings {
            keys_max: KEYS_MAX,
            questions_max: STATEMENTS_MAX,
            waiting_max: WAITING_MAX,
            pause: Duration::ZERO,
        };
        let row = Gather::new(settings, not_asked, move |ids| {
            in_time(load(database.clone(), ids)).boxed()
        });
        let unknown_max = known_max.min(UNKNOWN_MAX);
        // Forgetting is for the memory's sake; what is too old is not taken in any case.
        let remember = |age_max: Duration| {
            let keep = age_max.max(Duration::from_millis(1));
            Cache::builder().max_capacity(REMEMBERED_MAX).time_to_live(keep).build()
        };
        let (known, unknown) = (remember(known_max), remember(unknown_max));
        Self { known, unknown, known_max, unknown_max, row }
    }

    /// The key of this id, if there is one.
    ///
    /// # Errors
    ///
    /// [`FaultKind`] when it is not remembered and the database does not tell.
    pub(super) async fn find(&self, id: KeyId) -> Result<Option<Arc<FoundKey>>, FaultKind> {
        for (remembered, age_max) in
            [(&self.known, self.known_max), (&self.unknown, self.unknown_max)]
        {
            if let Some(answer) = remembered.get(&id)
                && answer.as_of.elapsed() < age_max
            {
                return Ok(answer.key);
            }
        }
        let answers = in_time(self.row.get(vec![id])).await?;
        let answer = answers.get(&id).cloned().ok_or(FaultKind::Internal)?;
        let remembered = if answer.key.is_some() { &self.known } else { &self.unknown };
        remembered.insert(id, answer.clone());
        Ok(answer.key)
    }
}

fn not_asked(_why: NotAsked) -> FaultKind {
    FaultKind::Unavailable
}

async fn in_time<T>(asked: impl Future<Output = Result<T, FaultKind>>) -> Result<T, FaultKind> {
    tokio::time::timeout(LOOKUP_MAX, asked).await.unwrap_or(Err(FaultKind::Unavailable))
}

async fn load(database: Database, ids: Vec<KeyId>) -> Result<HashMap<KeyId, Answer>, FaultKind> {
    let (rows, as_of) = table::find(&database, &ids).await.map_err(|fault| told(&fault))?;
    let mut answers: HashMap<KeyId, Answer> =
        ids.into_iter().map(|id| (id, Answer { key: None, as_of })).collect();
    for row in rows {
        let id = row.id.clone();
        let Some((id, key)) = found(row) else {
            tracing::error!(id, "a row of t_api_key is corrupt; the key is not taken");
            continue;
        };
        answers.insert(id, Answer { key: Some(Arc::new(key)), as_of });
    }
    Ok(answers)
}

/// All who share the question are told the same, so it is logged here, once.
fn told(fault: &Fault) -> FaultKind {
    let kind = fault.kind();
    match kind {
        FaultKind::Busy | FaultKind::Unavailable => {
            tracing::warn!(error = %fault.source, "API keys cannot be looked up");
        }
        FaultKind::Internal => {
            tracing::error!(error = %fault.source, "API keys cannot be looked up");
        }
    }
    kind
}

/// The key that a row tells; `None` if no version of the server can have written it.
fn found(row: Model) -> Option<(KeyId, FoundKey)> {
    let visibility = Visibility::from(row.merchant_id.map(MerchantId));
    // A scope of another version is none that could be asked for here.
    let scopes: Scopes = row.scopes.split(' ').filter_map(|scope| scope.parse().ok()).collect();
    let key = FoundKey {
        secret_hash: row.secret_hash.try_into().ok()?,
        caller: Caller::program(&row.label, visibility, scopes).ok()?,
        expires_at: row.expires_at,
        is_revoked: row.revoked_at.is_some(),
        noted_at_ms: AtomicI64::new(0),
    };
    Some((row.id.parse().ok()?, key))
}
