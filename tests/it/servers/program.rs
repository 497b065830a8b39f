//! What is known of a server's program, so that any of them can be run in the same way.

/// A server's program.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) name: &'static str,
    /// The signal that stops it for good.
    pub(super) end_signal: &'static str,
    /// What it logs once it listens.
    pub(super) listens: &'static str,
    /// Whether what listens on this port takes connections.
    pub(super) greets: fn(u16) -> bool,
}
