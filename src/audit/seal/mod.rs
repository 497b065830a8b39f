//! Seals: small statements over the ends of all chains, made now and then, kept elsewhere, and held
//! against the books later.
//!
//! Whoever has SQL access can change an entry and every hash behind it, so that the books hold by
//! themselves. They cannot change a statement that lies elsewhere: the end of some chain is no longer
//! what was sealed, and [`check`] names it. What the seal is over is told by the domain
//! ([`crate::domain::seal`]).
//!
//! - [`make`] reads the ends of all chains and writes a seal over them.
//! - [`check`] holds a seal, from a [`file`](mod@file) or from the table, against the books.
//! - [`proof`] shows that one entry is beneath a seal, without showing any other.
//! - [`schedule`] makes seals time and again, whatever number of servers run.
//!
//! `t_inventory_seal_head` has a row where the end of a SKU's chain differs from that in the seal before,
//! so that a seal costs as many rows as SKUs have changed. Both tables are only ever added to.

pub mod check;
pub mod file;
mod finding;
mod heads;
mod key;
mod list;
pub mod make;
mod metrics;
pub mod proof;
pub mod schedule;
mod table;

pub use check::{CheckedBy, SealCheck};
pub use file::InvalidSealFile;
pub use finding::{SealFinding, SealFindingKind};
pub use key::{KeyError, SealKey, SealPublicKey};
pub use make::MakeSealError;
pub use metrics::SealMetrics;
pub use proof::{Included, InclusionProof};
pub use schedule::{SealSchedule, SealTurn};
