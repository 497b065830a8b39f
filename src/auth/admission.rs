//! What a good token says: who calls, and for how long they do.

use std::time::Duration;

use super::Caller;

/// Somebody who was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Who they are.
    pub caller: Caller,
    /// How long from now on the token holds by its own word, if it has an end. It may be taken back
    /// before: whoever keeps a caller for longer than a request looks again.
    pub holds_for: Option<Duration>,
}
