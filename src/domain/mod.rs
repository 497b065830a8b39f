//! What stock is: commands, rules, refusals, and the questions that may be asked of its history.
//!
//! Everything here is pure. Nothing in this room waits, reads a clock of its own accord, or knows
//! that a database, a network or GraphQL exists; so that every rule can be read, and tested, by
//! itself. Text that came from outside becomes a [`Command`] or a filter here or is refused here,
//! with the argument at fault.

pub mod anomaly;
pub mod books_clock;
mod calendar;
mod bulk;
pub mod chain;
mod check;
pub mod clock;
pub mod command;
pub mod count;
pub mod cursor;
pub mod explanation;
mod extent;
pub mod fault;
pub mod filter;
pub mod finding;
mod fingerprint;
pub mod flow;
pub mod grouping;
mod hash;
mod hashing;
pub mod id;
pub mod inventory;
pub mod limits;
pub mod merkle;
pub mod order_trail;
pub mod origin;
pub mod outcome;
pub mod page;
mod point;
pub mod read_after;
pub mod reconciliation;
pub mod refusal;
mod refused_demand;
pub mod request;
pub mod seal;
mod sold_out;
pub mod sums;
pub mod text;
pub mod verification;
mod visibility;

pub use anomaly::{Anomaly, AnomalyFilter, AnomalyRule, AnomalyRules};
pub use books_clock::BooksClock;
pub use calendar::{Calendar, InvalidZone, Period, Zone};
pub use bulk::{Bulk, LineOutcome};
pub use chain::Chain;
pub use clock::Clock;
pub use command::{Command, DeductLine, Operation, RefundLine};
pub use count::{
    Count, CountLine, CountOutcome, CountResult, CountStatus, CountSummary, CountViolation,
    Observation,
};
pub use cursor::{
    AnomalyCursor, CountCursor, CountLineCursor, FlowCursor, InventoryCursor, ObservationCursor,
    RefusalCursor, SealCursor, SoldOutCursor,
};
pub use explanation::{Cause, CauseEntries, Explanation, Reasoned, Snapshot, Stretch};
pub use fault::FaultKind;
pub use finding::{Finding, FindingKind, Findings};
pub use fingerprint::Fingerprint;
pub use flow::{Flow, FlowKind};
pub use grouping::{Group, GroupKey, GroupPart, Grouping, Totals};
pub use hash::{Hash, InvalidHash};
pub use id::{CountId, FlowId, MerchantId, ObservationId, SealId, SkuId};
pub use inventory::Inventory;
pub use order_trail::{OrderTrail, TrailSums};
pub use origin::{Origin, Source};
pub use outcome::{Outcome, ReceiptLine};
pub use page::{Page, PageEnd, PageRequest};
pub use point::{Cut, Point};
pub use read_after::{InvalidReadToken, ReadAfter};
pub use reconciliation::{Deduction, Reconciler, Reconciliation, Refunded};
pub use refusal::{Argument, Field, Refusal, Violation};
pub use refused_demand::{
    Minute, MinuteSpan, RefusalGroup, RefusalGrouping, RefusalPeriod, RefusalSums,
};
pub use seal::{Seal, SealHead, SealSignature, SignedSeal};
pub use sold_out::SoldOutSpan;
pub use sums::{Sum, Sums};
pub use text::{IdempotencyKey, OrderDetailId, Reason};
pub use verification::{Verification, Verifier};
pub use visibility::Visibility;
