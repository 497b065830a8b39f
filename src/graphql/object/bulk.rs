//! What bulks answer: what became of each line.

use async_graphql::{ComplexObject, Enum, SimpleObject};

use super::flow::InventoryFlow;
use super::inventory::Inventory;
use super::user_error::InventoryUserError;
use crate::domain::limits::READ_TOKEN_SKUS_MAX;
use crate::domain::{LineOutcome, Outcome, ReadAfter, Refusal};
use crate::graphql::error::LineFailure;
use crate::graphql::needs::STOCK_READ;

/// What became of a line of a bulk.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryLineOutcome {
    /// It was carried out: its `flow` is on the books.
    Written,
    /// Its key had been carried out before, by an earlier request or an earlier line: `flow` is what
    /// was written then.
    Replayed,
    /// It was refused, and wrote nothing: `userErrors` tell why.
    Refused,
    /// Nothing is known to be wrong with it, but another line was refused, and the policy is `REJECT_ALL`:
    /// it wrote nothing now.
    Withheld,
    /// It is not known what became of it, or it was not begun: `failure` tells why. The other lines
    /// are not concerned. Send it again, with the same key; if it was carried out after all, that is
    /// what will be answered.
    Failed,
}

/// Why it is not known what became of a line.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryLineFailureCode {
    /// Too much was going on at once, or the time of the request was over before the line's turn came.
    Busy,
    /// The database could not be reached, or the server is stopping.
    Unavailable,
    /// The time of the request was over before the line was answered. It may have been carried out.
    Timeout,
    /// The server is at fault; its log tells more under the id of the request.
    Internal,
}

/// What kept a line from being answered.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryLineFailure {
    /// What it was. Programs decide by this, never by the message.
    code: InventoryLineFailureCode,
    /// The same in a sentence, for people.
    message: String,
    /// Whether it is worth sending the same line again, with the same key.
    retryable: bool,
    /// After how many milliseconds, where that can be told.
    retry_after_ms: Option<i32>,
}

impl From<LineFailure> for InventoryLineFailure {
    fn from(failure: LineFailure) -> Self {
        let LineFailure { code, message, retry_after } = failure;
        Self {
            code,
            message: message.to_owned(),
            retryable: code != InventoryLineFailureCode::Internal,
            retry_after_ms: retry_after
                .map(|after| i32::try_from(after.as_millis()).unwrap_or(i32::MAX)),
        }
    }
}

/// One line of a bulk.
#[derive(SimpleObject, Debug)]
pub(in crate::graphql) struct InventoryLineResult {
    /// Its place among the lines of the request, from 0.
    index: i32,
    /// What became of it.
    outcome: InventoryLineOutcome,
    /// The stock as this line left it; null if it was not carried out.
    ///
    /// Needs `stock:read`.
    #[graphql(guard = "STOCK_READ")]
    inventory: Option<Inventory>,
    /// The entry that this line wrote, now or before; null if it was not carried out.
    flow: Option<InventoryFlow>,
    /// Why it was refused, with the path of the argument at fault, as `["input", "lines", "17",
    /// "quantity"]`; empty if it was not.
    user_errors: Vec<InventoryUserError>,
    /// What kept it from being answered; null if nothing did.
    failure: Option<InventoryLineFailure>,
    /// True if its key had been carried out before: this is that first answer, and nothing was
    /// written now.
    replayed: bool,
}

impl InventoryLineResult {
    fn new(index: usize, outcome: InventoryLineOutcome) -> Self {
        Self {
            index: i32::try_from(index).unwrap_or(i32::MAX),
            outcome,
            inventory: None,
            flow: None,
            user_errors: Vec::new(),
            failure: None,
            replayed: outcome == InventoryLineOutcome::Replayed,
        }
    }
}

/// What became of the lines of a bulk.
#[derive(Debug, Default)]
pub(in crate::graphql) struct BulkResults {
    results: Vec<InventoryLineResult>,
    user_errors: Vec<InventoryUserError>,
    read_after: ReadAfter,
}

impl From<Vec<LineOutcome<LineFailure>>> for BulkResults {
    fn from(outcomes: Vec<LineOutcome<LineFailure>>) -> Self {
        let mut stocks = Vec::new();
        let lines = outcomes.into_iter().enumerate().map(|(index, outcome)| match outcome {
            LineOutcome::Decided(Outcome::Done { mut receipt, replayed }) => {
                let written = if replayed {
                    InventoryLineOutcome::Replayed
                } else {
                    InventoryLineOutcome::Written
                };
                stocks.extend(receipt.iter().map(|line| line.inventory));
                let (inventory, flow) =
                    receipt.pop().map(|line| (line.inventory.into(), line.flow.into())).unzip();
                InventoryLineResult { inventory, flow, ..InventoryLineResult::new(index, written) }
            }
            LineOutcome::Decided(Outcome::Refused(refusals)) => InventoryLineResult {
                user_errors: refusals.into_iter().map(Into::into).collect(),
                ..InventoryLineResult::new(index, InventoryLineOutcome::Refused)
            },
            LineOutcome::Withheld => {
                InventoryLineResult::new(index, InventoryLineOutcome::Withheld)
            }
            LineOutcome::Failed(failure) => InventoryLineResult {
                failure: Some(failure.into()),
                ..InventoryLineResult::new(index, InventoryLineOutcome::Failed)
            },
        });
        let results = lines.collect();
        Self { results, user_errors: Vec::new(), read_after: ReadAfter::of(stocks) }
    }
}

impl From<Refusal> for BulkResults {
    fn from(refusal: Refusal) -> Self {
        Self { user_errors: vec![refusal.into()], ..Self::default() }
    }
}

macro_rules! bulk_payload {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(SimpleObject, Debug)]
        #[graphql(complex)]
        pub(in crate::graphql) struct $name {
            /// What became of each line, in the order of the request; empty if the request was refused
            /// as a whole.
            results: Vec<InventoryLineResult>,
            /// Why the request was refused as a whole, and nothing was done: it has too many lines, or
            /// none. What is wrong with a line is told with the line.
            user_errors: Vec<InventoryUserError>,
            #[graphql(skip)]
            read_after: ReadAfter,
        }

        #[ComplexObject]
        impl $name {
            /// How many lines this request has written.
            async fn written_count(&self) -> i32 {
                self.count(InventoryLineOutcome::Written)
            }

            /// How many lines had been carried out before.
            async fn replayed_count(&self) -> i32 {
                self.count(InventoryLineOutcome::Replayed)
            }

            /// How many lines were refused.
            async fn refused_count(&self) -> i32 {
                self.count(InventoryLineOutcome::Refused)
            }

            /// How many lines were left undone because others were refused.
            async fn withheld_count(&self) -> i32 {
                self.count(InventoryLineOutcome::Withheld)
            }

            /// How many lines are to be sent again, because it is not known what became of them.
            async fn failed_count(&self) -> i32 {
                self.count(InventoryLineOutcome::Failed)
            }

            /// Send it back in the header `stockflow-read-after` of a later request, and what that
            /// reads is at least as new as what these lines wrote; null if they wrote nothing, and if
            /// they wrote to more than 500 SKUs, which no token names: each line's `inventory` has one
            /// of its own.
            async fn read_token(&self) -> Option<String> {
                let count = self.read_after.versions().count();
                (1..=READ_TOKEN_SKUS_MAX).contains(&count).then(|| self.read_after.to_string())
            }
        }

        impl $name {
            fn count(&self, outcome: InventoryLineOutcome) -> i32 {
                let lines = self.results.iter().filter(|line| line.outcome == outcome).count();
                i32::try_from(lines).unwrap_or(i32::MAX)
            }
        }

        impl From<BulkResults> for $name {
            fn from(BulkResults { results, user_errors, read_after }: BulkResults) -> Self {
                Self { results, user_errors, read_after }
            }
        }
    };
}

bulk_payload! {
    /// What became of an `inventoryDeductMany`.
    InventoryDeductManyPayload
}

bulk_payload! {
    /// What became of an `inventoryReplenishMany`.
    InventoryReplenishManyPayload
}
