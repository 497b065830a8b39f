//! What mutations answer.

use async_graphql::{ComplexObject, SimpleObject};

use super::flow::InventoryFlow;
use super::inventory::Inventory;
use super::user_error::InventoryUserError;
use crate::domain::{Outcome, ReadAfter, ReceiptLine, Refusal};
use crate::graphql::needs::STOCK_READ;

/// What reads as new as a change.
fn read_after(receipt: &[ReceiptLine]) -> ReadAfter {
    ReadAfter::of(receipt.iter().map(|line| line.inventory))
}

macro_rules! single_payload {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(SimpleObject, Debug)]
        #[graphql(complex)]
        pub(in crate::graphql) struct $name {
            /// The stock as this request left it; null if it was refused.
            ///
            /// Needs `stock:read`.
            #[graphql(guard = "STOCK_READ")]
            inventory: Option<Inventory>,
            /// The entry that this request wrote; null if it was refused.
            flow: Option<InventoryFlow>,
            /// Why it was refused; empty if it was carried out.
            user_errors: Vec<InventoryUserError>,
            /// True if the key had been carried out before: this is that first answer, and nothing
            /// was written now.
            replayed: bool,
            #[graphql(skip)]
            read_after: ReadAfter,
        }

        #[ComplexObject]
        impl $name {
            /// Send it back in the header `stockflow-read-after` of a later request, and what that
            /// reads is at least as new as this change; null if it was refused.
            async fn read_token(&self) -> Option<String> {
                (!self.read_after.is_empty()).then(|| self.read_after.to_string())
            }
        }

        impl From<Outcome> for $name {
            fn from(outcome: Outcome) -> Self {
                match outcome {
                    Outcome::Done { mut receipt, replayed } => {
                        let read_after = read_after(&receipt);
                        let (inventory, flow) = receipt
                            .pop()
                            .map(|line| (line.inventory.into(), line.flow.into()))
                            .unzip();
                        Self { inventory, flow, user_errors: Vec::new(), replayed, read_after }
                    }
                    Outcome::Refused(refusals) => refusals.into(),
                }
            }
        }

        impl From<Vec<Refusal>> for $name {
            fn from(refusals: Vec<Refusal>) -> Self {
                let user_errors = refusals.into_iter().map(Into::into).collect();
                let read_after = ReadAfter::default();
                Self { inventory: None, flow: None, user_errors, replayed: false, read_after }
            }
        }
    };
}

macro_rules! batch_payload {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(SimpleObject, Debug)]
        #[graphql(complex)]
        pub(in crate::graphql) struct $name {
            /// The entries that this request wrote, one a line, in their order; none if it was
            /// refused.
            flows: Vec<InventoryFlow>,
            /// Why it was refused, every line at fault by itself; empty if it was carried out.
            user_errors: Vec<InventoryUserError>,
            /// True if the key had been carried out before: this is that first answer, and nothing
            /// was written now.
            replayed: bool,
            #[graphql(skip)]
            read_after: ReadAfter,
        }

        #[ComplexObject]
        impl $name {
            /// Send it back in the header `stockflow-read-after` of a later request, and what that
            /// reads is at least as new as this change; null if it was refused.
            async fn read_token(&self) -> Option<String> {
                (!self.read_after.is_empty()).then(|| self.read_after.to_string())
            }
        }

        impl From<Outcome> for $name {
            fn from(outcome: Outcome) -> Self {
                match outcome {
                    Outcome::Done { receipt, replayed } => {
                        let read_after = read_after(&receipt);
                        let flows = receipt.into_iter().map(|line| line.flow.into()).collect();
                        Self { flows, user_errors: Vec::new(), replayed, read_after }
                    }
                    Outcome::Refused(refusals) => refusals.into(),
                }
            }
        }

        impl From<Vec<Refusal>> for $name {
            fn from(refusals: Vec<Refusal>) -> Self {
                let user_errors = refusals.into_iter().map(Into::into).collect();
                let read_after = ReadAfter::default();
                Self { flows: Vec::new(), user_errors, replayed: false, read_after }
            }
        }
    };
}

single_payload! {
    /// What became of an `inventoryCreate`.
    InventoryCreatePayload
}

single_payload! {
    /// What became of an `inventoryDeduct`.
    InventoryDeductPayload
}

batch_payload! {
    /// What became of an `inventoryDeductBatch`.
    InventoryDeductBatchPayload
}

single_payload! {
    /// What became of an `inventoryRefund`.
    InventoryRefundPayload
}

batch_payload! {
    /// What became of an `inventoryRefundBatch`.
    InventoryRefundBatchPayload
}

single_payload! {
    /// What became of an `inventoryReplenish`.
    InventoryReplenishPayload
}

single_payload! {
    /// What became of an `inventorySetQuantity`.
    InventorySetQuantityPayload
}
