//! The register of API keys: making, listing and revoking them.

use chrono::{DateTime, Utc};
use entity::api_key::Model;

use super::{IssuedKey, KeyId, table};
use crate::auth::{Caller, InvalidName, Scopes};
use crate::db::{Cause, Database, Fault};
use crate::domain::{Clock, MerchantId, Visibility};

/// How often an id may turn out to be taken; one of 2 to the power of 40 hardly ever is.
const ATTEMPTS_MAX: usize = 3;

/// Makes, lists and revokes keys.
#[derive(Clone, Debug)]
pub struct KeyRegister {
    database: Database,
    clock: Clock,
}

/// What a key shall be good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// Whose it is: keys of one label are one caller's. 1 to 100 characters.
    pub label: String,
    /// Whose books it shows.
    pub visibility: Visibility,
    /// What it allows.
    pub scopes: Scopes,
    /// Until when it holds; `None` for ever.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Why there is no new key.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The label cannot be kept on the books.
    #[error("the label {0}")]
    Label(#[from] InvalidName),
    /// The label is another caller's.
    #[error("the label has keys for {}", merchants(*.0))]
    OtherMerchant(Visibility),
    /// The database failed.
    #[error("the key could not be written")]
    Database(#[from] Fault),
    /// The system has no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[source] getrandom::Error),
}

/// A key as it may be shown to everybody who may list keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredKey {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub label: String,
    /// Whose books it shows.
    pub visibility: Visibility,
    /// What it allows, as it was written.
    pub scopes: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it holds; `None` for ever.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to a minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Whether it holds.
    pub state: KeyState,
}

/// Whether a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It does.
    Active,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

/// What became of a wish to revoke a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It is revoked now.
    Done,
    /// It was revoked before, then.
    Before(DateTime<Utc>),
    /// There is no such key.
    Unknown,
}

impl KeyRegister {
    /// The register in `database`.
    pub fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock }
    }

    /// Makes a key. Only who calls this ever sees it.
    ///
    /// # Errors
    ///
    /// [`CreateError`] when the label will not do, or the key could not be written.
    pub async fn create(&self, new: &NewKey) -> Result<IssuedKey, CreateError> {
        // Whoever shows the key must be able to be a caller.
        Caller::program(&new.label, new.visibility, new.scopes)?;
        let others = table::list_of_label(&self.database, &new.label).await?;
        let other = others.iter().map(visibility).find(|other| *other != new.visibility);
        if let Some(other) = other {
            return Err(CreateError::OtherMerchant(other));
        }
        for _attempt in 1..ATTEMPTS_MAX {
            match self.try_create(new).await {
                Err(CreateError::Database(fault)) if fault.cause == Cause::Duplicate => {}
                done => return done,
            }
        }
        self.try_create(new).await
    }

    async fn try_create(&self, new: &NewKey) -> Result<IssuedKey, CreateError> {
        let key = IssuedKey::random().map_err(CreateError::Random)?;
        table::insert(&self.database, self.row(new, &key)).await?;
        Ok(key)
    }

    fn row(&self, new: &NewKey, key: &IssuedKey) -> Model {
        Model {
            id: key.id.to_string(),
            secret_hash: key.hash().to_vec(),
            label: new.label.clone(),
            merchant_id: new.visibility.only().map(|merchant| merchant.0),
            scopes: new.scopes.to_string(),
            created_at: self.clock.now(),
            expires_at: new.expires_at,
            revoked_at: None,
            last_used_at: None,
        }
    }

    /// Every key there is, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database fails.
    pub async fn list(&self) -> Result<Vec<RegisteredKey>, Fault> {
        let now = self.clock.now();
        let rows = table::list(&self.database).await?;
        Ok(rows.into_iter().map(|row| registered(row, now)).collect())
    }

    /// Revokes a key. Servers refuse it once they have asked for it again.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database fails.
    pub async fn revoke(&self, id: KeyId) -> Result<Revocation, Fault> {
        if table::revoke(&self.database, id, self.clock.now()).await? {
            return Ok(Revocation::Done);
        }
        let (rows, _as_of) = table::find(&self.database, &[id]).await?;
        let revoked_at = rows.first().and_then(|row| row.revoked_at);
        Ok(revoked_at.map_or(Revocation::Unknown, Revocation::Before))
    }
}

fn visibility(row: &Model) -> Visibility {
    Visibility::from(row.merchant_id.map(MerchantId))
}

fn registered(row: Model, now: DateTime<Utc>) -> RegisteredKey {
    let state = if row.revoked_at.is_some() {
        KeyState::Revoked
    } else if row.expires_at.is_some_and(|at| at <= now) {
        KeyState::Expired
    } else {
        KeyState::Active
    };
    RegisteredKey {
        visibility: visibility(&row),
        id: row.id,
        label: row.label,
        scopes: row.scopes,
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
        last_used_at: row.last_used_at,
        state,
    }
}

fn merchants(visibility: Visibility) -> String {
    match visibility {
        Visibility::All => "all merchants".to_owned(),
        Visibility::Only(merchant_id) => format!("merchant {merchant_id}"),
    }
}
