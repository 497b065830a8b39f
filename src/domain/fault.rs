//! The kinds of failure that are not the caller's fault.

/// How a caller should take a failure. What caused it stays in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// Too much is going on at once; trying again, with the same key, may work.
    Busy,
    /// The database or another dependency cannot be reached; trying again later, with the same
    /// key, may work.
    Unavailable,
    /// The server is at fault.
    Internal,
}
