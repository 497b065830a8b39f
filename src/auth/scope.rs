//! What callers may do.

use std::fmt;
use std::str::FromStr;

/// One thing that a caller may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// To see amounts and availability.
    StockRead,
    /// To deduct and to refund.
    StockWrite,
    /// To put SKUs on the books, replenish them, and set their amounts.
    StockManage,
    /// To see the history.
    AuditRead,
}

impl Scope {
    /// All there are.
    pub const ALL: [Self; 4] =
        [Self::StockRead, Self::StockWrite, Self::StockManage, Self::AuditRead];

    /// How tokens, keys and errors spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::StockRead => "stock:read",
            Self::StockWrite => "stock:write",
            Self::StockManage => "stock:manage",
            Self::AuditRead => "audit:read",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::StockRead => 1,
            Self::StockWrite => 2,
            Self::StockManage => 4,
            Self::AuditRead => 8,
        }
    }
}

/// Why a text is not a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is none of stock:read, stock:write, stock:manage and audit:read")]
pub struct InvalidScope;

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        Self::ALL.into_iter().find(|scope| scope.name() == text).ok_or(InvalidScope)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Everything that a caller may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

impl Scopes {
    /// Every scope there is.
    pub fn all() -> Self {
        Scope::ALL.into_iter().collect()
    }

    /// Whether one is among them.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Those that are among them, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

/// Their names, with a space between them (RFC 6749, section 3.3).
impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (scope, place) in self.iter().zip(0_usize..) {
            let separator = if place == 0 { "" } else { " " };
            write!(formatter, "{separator}{scope}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_spelled_as_they_are_read() {
        for scope in Scope::ALL {
            assert_eq!(scope.to_string().parse(), Ok(scope));
            let alone = Scopes::from_iter([scope]);
            assert!(Scope::ALL.into_iter().all(|other| alone.has(other) == (other == scope)));
        }
        assert_eq!("stock:Read".parse::<Scope>(), Err(InvalidScope));
        assert_eq!(Scopes::all().to_string(), "stock:read stock:write stock:manage audit:read");
        assert_eq!(Scopes::default().to_string(), "");
    }
}
