//! What stock is: commands, rules, refusals, and the questions that may be asked of its history.
//!
//! Everything here is pure. Nothing in this room waits, reads a clock of its own accord, or knows
//! that a database, a network or GraphQL exists; so that every rule can be read, and tested, by
//! itself. Text that came from outside becomes a [`Command`] or a filter here or is refused here,
//! with the argument at fault.

pub mod books_clock;
mod bulk;
pub mod chain;
mod check;
pub mod clock;
pub mod command;
pub mod cursor;
mod extent;
pub mod fault;
pub mod filter;
pub mod finding;
mod fingerprint;
pub mod flow;
mod hash;
mod hashing;
pub mod id;
pub mod inventory;
pub mod limits;
pub mod merkle;
pub mod origin;
pub mod outcome;
pub mod page;
mod point;
pub mod read_after;
pub mod reconciliation;
pub mod refusal;
pub mod request;
pub mod seal;
pub mod sums;
pub mod text;
pub mod verification;
mod visibility;

pub use books_clock::BooksClock;
pub use bulk::{Bulk, LineOutcome};
pub use chain::Chain;
pub use clock::Clock;
pub use command::{Command, DeductLine, Operation, RefundLine};
pub use cursor::{FlowCursor, InventoryCursor, SealCursor};
pub use fault::FaultKind;
pub use finding::{Finding, FindingKind, Findings};
pub use fingerprint::Fingerprint;
pub use flow::{Flow, FlowKind};
pub use hash::{Hash, InvalidHash};
pub use id::{FlowId, MerchantId, SealId, SkuId};
pub use inventory::Inventory;
pub use origin::{Origin, Source};
pub use outcome::{Outcome, ReceiptLine};
pub use page::{Page, PageEnd, PageRequest};
pub use point::{Cut, Point};
pub use read_after::{InvalidReadToken, ReadAfter};
pub use reconciliation::{Deduction, Reconciler, Reconciliation, Refunded};
pub use refusal::{Argument, Field, Refusal, Violation};
pub use seal::{Seal, SealHead, SealSignature, SignedSeal};
pub use sums::{Sum, Sums};
pub use text::{IdempotencyKey, OrderDetailId, Reason};
pub use verification::{Verification, Verifier};
pub use visibility::Visibility;
