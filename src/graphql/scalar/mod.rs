//! The scalars that GraphQL has not.

mod big_int;
mod date_time;
mod hash;

pub(super) use big_int::BigInt;
pub(super) use date_time::DateTime;
pub(super) use hash::Hash;
