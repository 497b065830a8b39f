//! Demand that was refused for want of stock: how often, and for how many units, by SKU and minute.
//!
//! A refusal writes nothing into the books, and most are told without asking the database at all; so
//! they are counted in the memory of the server that answers them ([`RefusalRecorder`]), in the
//! moment it does, and what they add up to is written behind ([`RefusalKeeper`]) into a table of
//! its own, a row for each SKU and minute. A hundred thousand refusals of a minute cost as many
//! rows as there are SKUs among them.
//!
//! What that means:
//!
//! - A server that is killed loses what it had not written, which are the last seconds. One that is
//!   stopped writes it first. The books lose nothing either way.
//! - A row is one server's, by a random number, and is written as what the minute adds up to so
//!   far, never as something to be added: so it may be written again whenever it is not known
//!   whether it was, and servers side by side have rows of their own.
//! - While the database is away the sums wait, so many of them; what does not fit is counted, and
//!   told by a metric.
//! - Rows that are old enough are deleted, a piece at a time. It is the only thing that any server
//!   ever deletes.
//!
//! This room knows neither the ledger, which tells it what was refused, nor the store, which reads
//! what it wrote.

mod keeper;
mod metrics;
mod noted;
mod recorder;
mod table;

pub use keeper::{KeepingRefusals, RefusalKeeper, RefusalSettings};
pub use metrics::RefusalMetrics;
pub use recorder::RefusalRecorder;
pub use table::oldest_statement;
