//! What a caller must be allowed to do, for a field to be resolved.
//!
//! A guard stands before the field, so that without the scope no resolver runs and nobody is asked;
//! and it stands wherever a field can be reached, so that nothing comes by way of nesting. What a
//! field needs, its description says in the words of [`Needs`]; a test holds the two together.

use std::fmt;

use async_graphql::{Context, Guard, Result};

use super::context::ContextExt as _;
use crate::auth::Scope;

/// Any one of some scopes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs(&'static [Scope]);

/// To see amounts and availability.
pub(super) const STOCK_READ: Needs = Needs(&[Scope::StockRead]);
/// To deduct and to refund.
pub(super) const STOCK_WRITE: Needs = Needs(&[Scope::StockWrite]);
/// To put SKUs on the books, replenish them, and set their amounts.
pub(super) const STOCK_MANAGE: Needs = Needs(&[Scope::StockManage]);
/// To see the history.
pub(super) const AUDIT_READ: Needs = Needs(&[Scope::AuditRead]);
/// To see what became of one's own request.
pub(super) const OWN_REQUESTS: Needs =
    Needs(&[Scope::StockWrite, Scope::StockManage, Scope::AuditRead]);
/// To see stocktakes: whoever counts, and whoever looks at what came of it.
pub(super) const COUNTS: Needs = Needs(&[Scope::StockManage, Scope::AuditRead]);
/// To see what was given back of a deduction: whoever refunds must know what is left to refund.
pub(super) const REFUNDED: Needs = Needs(&[Scope::StockWrite, Scope::AuditRead]);

impl Needs {
    /// The names of the scopes, any of which will do.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|scope| scope.name())
    }
}

/// `stock:write, stock:manage or audit:read`.
impl fmt::Display for Needs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.names().collect();
        match names.as_slice() {
            [rest @ .., one, last] => {
                for name in rest {
                    write!(formatter, "{name}, ")?;
                }
                write!(formatter, "{one} or {last}")
            }
            alone => formatter.write_str(&alone.concat()),
        }
    }
}

impl Guard for Needs {
    async fn check(&self, context: &Context<'_>) -> Result<()> {
        let request = context.request();
        if self.0.iter().any(|scope| request.caller.has(*scope)) {
            return Ok(());
        }
        Err(request.forbidden(*self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_told_as_a_sentence_would() {
        assert_eq!(STOCK_READ.to_string(), "stock:read");
        assert_eq!(REFUNDED.to_string(), "stock:write or audit:read");
        assert_eq!(OWN_REQUESTS.to_string(), "stock:write, stock:manage or audit:read");
    }
}
