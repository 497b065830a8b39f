//! Who is calling.
//!
//! No authentication is configured yet, so everybody is `anonymous`. What callers may do will be
//! decided here, and nowhere else.

/// A caller, as the server knows them. Nothing in it is taken from a request's own word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    actor: String,
}

impl Caller {
    /// The caller of a server that authenticates nobody.
    pub fn anonymous() -> Self {
        Self { actor: "anonymous".to_owned() }
    }

    /// The name that goes on the books for what they do; up to 128 characters.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// The namespace of their idempotency keys; up to 128 characters.
    pub fn idempotency_scope(&self) -> &str {
        &self.actor
    }
}
