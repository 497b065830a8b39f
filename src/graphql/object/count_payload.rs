//! What mutations of stocktakes answer.

use async_graphql::SimpleObject;

use super::count::InventoryCount;
use super::count_observations::InventoryCountObservation;
use super::user_error::InventoryUserError;
use crate::domain::{Count, CountOutcome, Observation, Refusal};

fn user_errors(refusals: Vec<Refusal>) -> Vec<InventoryUserError> {
    refusals.into_iter().map(Into::into).collect()
}

macro_rules! count_payload {
    ($(#[$doc:meta])* $name:ident, $replayed:literal) => {
        $(#[$doc])*
        #[derive(SimpleObject, Debug)]
        pub(in crate::graphql) struct $name {
            /// The stocktake as it is now; null if it was refused.
            count: Option<InventoryCount>,
            /// Why it was refused; empty if it was carried out.
            user_errors: Vec<InventoryUserError>,
            #[doc = $replayed]
            replayed: bool,
        }

        impl From<CountOutcome<Count>> for $name {
            fn from(outcome: CountOutcome<Count>) -> Self {
                match outcome {
                    CountOutcome::Done { value, replayed } => {
                        Self { count: Some(value.into()), user_errors: Vec::new(), replayed }
                    }
                    CountOutcome::Refused(refusals) => {
                        Self { count: None, user_errors: user_errors(refusals), replayed: false }
                    }
                }
            }
        }
    };
}

count_payload! {
    /// What became of an `inventoryCountStart`.
    InventoryCountStartPayload,
    "True if the key had been carried out before, and nothing was written now."
}

count_payload! {
    /// What became of an `inventoryCountComplete`.
    InventoryCountCompletePayload,
    "True if the stocktake had been completed before, and nothing was written now."
}

count_payload! {
    /// What became of an `inventoryCountAbandon`.
    InventoryCountAbandonPayload,
    "True if the stocktake had been abandoned before, and nothing was written now."
}

/// What became of an `inventoryCountRecord`.
#[derive(SimpleObject, Debug)]
pub(in crate::graphql) struct InventoryCountRecordPayload {
    /// The stocktake as it is now; null if it was refused.
    count: Option<InventoryCount>,
    /// The observations, one a line, in their order, as they were recorded, now or before; none if it
    /// was refused.
    observations: Vec<InventoryCountObservation>,
    /// Why it was refused, every line at fault by itself; empty if it was carried out. Leave those
    /// lines out, and send the others again.
    user_errors: Vec<InventoryUserError>,
    /// True if all the lines had been recorded before, and nothing was written now.
    replayed: bool,
}

impl From<CountOutcome<(Count, Vec<Observation>)>> for InventoryCountRecordPayload {
    fn from(outcome: CountOutcome<(Count, Vec<Observation>)>) -> Self {
        match outcome {
            CountOutcome::Done { value: (count, observations), replayed } => Self {
                count: Some(count.into()),
                observations: observations.iter().map(Into::into).collect(),
                user_errors: Vec::new(),
                replayed,
            },
            CountOutcome::Refused(refusals) => Self {
                count: None,
                observations: Vec::new(),
                user_errors: user_errors(refusals),
                replayed: false,
            },
        }
    }
}
