//! API keys: for programs, made and taken back by the command line.
//!
//! A key is shown once, when it is made, and kept as a hash. Keys of one label are one caller's, so
//! that a key can be replaced by another while both hold.
//!
//! Who shows a key is found by the key's id ([`lookup`]), which many share a question for, and is
//! then remembered for a while: a key that was revoked is refused within that time, and one that is
//! remembered holds for as long while the database is away. When a key was last used is written by
//! a task of its own ([`last_use`]).

mod key;
mod last_use;
mod lookup;
mod register;
mod table;

use chrono::TimeDelta;
use subtle::ConstantTimeEq as _;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Admission, ApiKeySettings, Invalid, NotAuthenticated};
use crate::db::Database;
use crate::domain::{Clock, FaultKind};
use last_use::LastUses;
use lookup::Lookup;

pub use key::{IssuedKey, KeyId, PREFIX};
pub use register::{CreateError, KeyRegister, KeyState, NewKey, RegisteredKey, Revocation};

/// Takes API keys. What it does behind the scenes ends when this is dropped.
#[derive(Debug)]
pub(super) struct ApiKeys {
    lookup: Lookup,
    last_uses: LastUses,
    clock: Clock,
    _stop: DropGuard,
}

impl ApiKeys {
    /// Takes those in `database`.
    pub(super) fn start(settings: ApiKeySettings, database: Database, clock: Clock) -> Self {
        let stop = CancellationToken::new();
        let last_uses = LastUses::start(database.clone(), stop.clone());
        let lookup = Lookup::new(database, settings.cache);
        Self { lookup, last_uses, clock, _stop: stop.drop_guard() }
    }

    /// Who shows this key.
    ///
    /// # Errors
    ///
    /// [`NotAuthenticated`] when it is none, or holds no more, or the database does not tell.
    pub(super) async fn authenticate(&self, text: &str) -> Result<Admission, NotAuthenticated> {
        let invalid = NotAuthenticated::Invalid;
        let shown = key::ShownKey::parse(text).ok_or(invalid(Invalid::KeyChecksum))?;
        let found = self.lookup.find(shown.id).await.map_err(undecided)?;
        let found = found.ok_or(invalid(Invalid::KeyUnknown))?;
        if !bool::from(found.secret_hash.ct_eq(&shown.hash)) {
            return Err(invalid(Invalid::KeySecret));
        }
        if found.is_revoked {
            return Err(invalid(Invalid::KeyRevoked));
        }
        let now = self.clock.now();
        let left = found.expires_at.map(|at| at.signed_duration_since(now));
        if left.is_some_and(|left| left <= TimeDelta::zero()) {
            return Err(NotAuthenticated::Expired);
        }
        self.last_uses.note(shown.id, &found.noted_at_ms, now);
        let holds_for = left.and_then(|left| left.to_std().ok());
        Ok(Admission { caller: found.caller.clone(), holds_for })
    }
}

/// Somebody who is told that the server is busy would only come back sooner.
fn undecided(kind: FaultKind) -> NotAuthenticated {
    match kind {
        FaultKind::Busy | FaultKind::Unavailable => NotAuthenticated::Undecided,
        FaultKind::Internal => NotAuthenticated::Failed,
    }
}
