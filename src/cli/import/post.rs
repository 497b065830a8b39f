//! Carries one row out.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};

use super::row::Row;
use crate::domain::request::{CreateRequest, Envelope, StockRequest};
use crate::domain::{Argument, Command, FaultKind, MerchantId, Outcome, Refusal, Violation};
use crate::ledger::{Ledger, LedgerError};

/// Who asks, and who did it, as the books will tell.
const ACTOR: &str = "import";

/// Hexadecimal digits of the file's digest in a key: enough that no two files share them.
const DIGEST_CHARS: usize = 32;

/// Times that a row is tried again when the ledger is busy or cannot reach the database. The
/// ledger itself tries for seconds each time.
const RETRIES_MAX: usize = 5;

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It put its SKU on the books.
    Created,
    /// It added units.
    Replenished,
    /// An earlier run had done it.
    Already,
    /// It was left out, for this reason.
    Wrong(String),
    /// It is not known what became of it; the same file, imported again, finds out or does it.
    Unknown(String),
    /// Nor of this one, and going on makes no sense.
    Unavailable(String),
}

/// Carries rows out, under keys of one file.
#[derive(Debug)]
pub(super) struct Poster {
    ledger: Ledger,
    digest: String,
    /// Whose SKUs they are; if nobody's in particular, new ones belong to the default merchant.
    merchant_id: Option<MerchantId>,
}

impl Poster {
    pub(super) fn new(ledger: Ledger, digest: &str, merchant_id: Option<MerchantId>) -> Self {
        Self { ledger, digest: digest.chars().take(DIGEST_CHARS).collect(), merchant_id }
    }

    /// Creates the row's SKU or, where it exists, replenishes it.
    pub(super) async fn post(&self, row: &Row) -> Done {
        let new = CreateRequest {
            sku_id: row.sku_id.clone(),
            merchant_id: None,
            merchant_by_default: Some(self.merchant_id.unwrap_or(MerchantId::DEFAULT)),
            quantity: row.quantity,
        };
        let stock = StockRequest { sku_id: row.sku_id.clone(), quantity: row.quantity };
        let create = match Command::create(self.envelope(row, "create"), &new) {
            Ok(command) => command,
            Err(refusals) => return wrong(&refusals),
        };
        match self.submit(create).await {
            Err(error) => return failed(&error),
            Ok(Outcome::Done { replayed: true, .. }) => return Done::Already,
            Ok(Outcome::Done { replayed: false, .. }) => return Done::Created,
            Ok(Outcome::Refused(refusals)) if !exists(&refusals) => return wrong(&refusals),
            Ok(Outcome::Refused(_exists)) => {}
        }
        let replenish = match Command::replenish(self.envelope(row, "replenish"), &stock) {
            Ok(command) => command,
            Err(refusals) => return wrong(&refusals),
        };
        match self.submit(replenish).await {
            Err(error) => failed(&error),
            Ok(Outcome::Done { replayed: true, .. }) => Done::Already,
            Ok(Outcome::Done { replayed: false, .. }) => Done::Replenished,
            Ok(Outcome::Refused(refusals)) if is_not_seen(&refusals) => {
                Done::Wrong(format!("SKU {} belongs to another merchant", row.sku_id))
            }
            Ok(Outcome::Refused(refusals)) => wrong(&refusals),
        }
    }

    fn envelope(&self, row: &Row, what: &str) -> Envelope {
        Envelope {
            // One file may be imported for several merchants.
            scope: match self.merchant_id {
                Some(merchant_id) => format!("{ACTOR}/{merchant_id}"),
                None => ACTOR.to_owned(),
            },
            actor: ACTOR.to_owned(),
            visibility: self.merchant_id.into(),
            idempotency_key: format!("import:{}:{}:{what}", self.digest, row.line),
            reason: row.reason.clone(),
        }
    }

    async fn submit(&self, command: Command) -> Result<Outcome, LedgerError> {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(50))
            .with_max_delay(Duration::from_secs(2))
            .with_max_times(RETRIES_MAX)
            .with_jitter();
        (|| self.ledger.submit(command.clone()))
            .retry(pauses)
            .when(|error| error.kind() != FaultKind::Internal)
            .await
    }
}

fn exists(refusals: &[Refusal]) -> bool {
    let is_it = |refusal: &Refusal| matches!(refusal.violation, Violation::SkuAlreadyExists { .. });
    refusals.iter().any(is_it)
}

/// Whether a SKU that was found to exist is none that whoever asks sees.
fn is_not_seen(refusals: &[Refusal]) -> bool {
    let is_it = |refusal: &Refusal| matches!(refusal.violation, Violation::SkuNotFound { .. });
    refusals.iter().any(is_it)
}

/// Every fault of the row, with the column where that is what is wrong.
fn wrong(refusals: &[Refusal]) -> Done {
    let told = refusals.iter().map(|refusal| {
        let violation = &refusal.violation;
        if matches!(violation, Violation::InvalidQuantity { quantity: 0, .. }) {
            return "the SKU exists already, and replenishing it takes 1 unit at least".to_owned();
        }
        match column(refusal.field.argument) {
            Some(column) if violation.wants_argument() => format!("{column} {violation}"),
            _ => violation.to_string(),
        }
    });
    Done::Wrong(told.collect::<Vec<_>>().join("; "))
}

/// What a file calls an argument, if it has it.
fn column(argument: Argument) -> Option<&'static str> {
    match argument {
        Argument::SkuId => Some("sku_id"),
        Argument::Quantity => Some("quantity"),
        Argument::Reason => Some("reason"),
        Argument::OrderDetailId
        | Argument::MerchantId
        | Argument::ChangeFromQuantity
        | Argument::FlowId
        | Argument::IdempotencyKey
        | Argument::Lines
        | Argument::CountId
        | Argument::SkuIds
        | Argument::FromSkuId
        | Argument::ToSkuId
        | Argument::Version
        | Argument::Revision => None,
    }
}

fn failed(error: &LedgerError) -> Done {
    match error.kind() {
        FaultKind::Busy => Done::Unknown("others kept the books busy".into()),
        FaultKind::Unavailable => Done::Unavailable("the database cannot be reached".into()),
        FaultKind::Internal => {
            tracing::error!(?error, "a row could not be written");
            Done::Unknown("could not be written; the log tells more".into())
        }
    }
}
