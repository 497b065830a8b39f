//! A caller, as the server knows them.

use std::sync::Arc;

use super::{Scope, Scopes};
use crate::domain::{MerchantId, Visibility};

/// Characters of a name by which a caller is authenticated: the columns hold 128, and the actor and
/// the namespace of the keys are made of it.
pub const NAME_CHARS_MAX: usize = 100;

/// Why nobody can be called so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing, or too much.
    #[error("must have 1 to {NAME_CHARS_MAX} characters")]
    Length,
    /// It would garble a log, or no database keeps it.
    #[error("must not have control characters")]
    Control,
}

/// Everybody, where nobody is authenticated. All other namespaces have slashes in them.
const ANONYMOUS: &str = "anonymous";

/// A caller. Cheap to clone. Nothing in it is taken from a request's own word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    actor: Arc<str>,
    idempotency_scope: Arc<str>,
    visibility: Visibility,
    merchant_by_default: Option<MerchantId>,
    scopes: Scopes,
}

impl Caller {
    /// The caller of a server that authenticates nobody: may do everything.
    pub fn anonymous() -> Self {
        Self {
            actor: ANONYMOUS.into(),
            idempotency_scope: ANONYMOUS.into(),
            visibility: Visibility::All,
            merchant_by_default: Some(MerchantId::DEFAULT),
            scopes: Scopes::all(),
        }
    }

    /// Whom a token's `subject` names.
    ///
    /// # Errors
    ///
    /// [`InvalidName`] when the subject cannot be kept on the books.
    pub fn user(
        subject: &str,
        visibility: Visibility,
        scopes: Scopes,
    ) -> Result<Self, InvalidName> {
        Self::named("user", subject, visibility, scopes)
    }

    /// The program that has an API key of this `label`. Keys of one label are one caller's, so that
    /// a request may be sent again with the key that has replaced another.
    ///
    /// # Errors
    ///
    /// [`InvalidName`] when the label cannot be kept on the books.
    pub fn program(
        label: &str,
        visibility: Visibility,
        scopes: Scopes,
    ) -> Result<Self, InvalidName> {
        Self::named("key", label, visibility, scopes)
    }

    fn named(
        kind: &str,
        name: &str,
        visibility: Visibility,
        scopes: Scopes,
    ) -> Result<Self, InvalidName> {
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err(InvalidName::Length);
        }
        if name.chars().any(char::is_control) {
            return Err(InvalidName::Control);
        }
        let merchant = visibility.only().map(|merchant| merchant.to_string()).unwrap_or_default();
        Ok(Self {
            actor: format!("{kind}:{name}").into(),
            // A merchant is digits alone, so that no two callers have the same one; and what was
            // done for one merchant is not told to who acts for another under the same name.
            idempotency_scope: format!("{kind}/{merchant}/{name}").into(),
            visibility,
            merchant_by_default: visibility.only(),
            scopes,
        })
    }

    /// The name that goes on the books for what they do; up to 128 characters.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Whether this is everybody, as nobody is authenticated.
    pub fn is_anonymous(&self) -> bool {
        &*self.idempotency_scope == ANONYMOUS
    }

    /// The namespace of their idempotency keys; up to 128 characters. No two callers share one.
    pub fn idempotency_scope(&self) -> &str {
        &self.idempotency_scope
    }

    /// Whose books they see and touch.
    pub fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// Whether they act for all merchants.
    pub fn acts_for_all_merchants(&self) -> bool {
        self.visibility == Visibility::All
    }

    /// Whom a SKU belongs to that they put on the books without naming a merchant; `None` if they
    /// must name one.
    pub fn merchant_by_default(&self) -> Option<MerchantId> {
        self.merchant_by_default
    }

    /// Whether they may do a thing.
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.has(scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_callers_share_their_keys() {
        let only = |merchant| Visibility::Only(MerchantId(merchant));
        let callers = [
            Caller::anonymous(),
            Caller::user("anonymous", Visibility::All, Scopes::all()).unwrap(),
            Caller::user("a", Visibility::All, Scopes::all()).unwrap(),
            Caller::user("a", only(1), Scopes::all()).unwrap(),
            Caller::user("a", only(2), Scopes::all()).unwrap(),
            Caller::user("1/a", Visibility::All, Scopes::all()).unwrap(),
            Caller::user("/a", Visibility::All, Scopes::all()).unwrap(),
            Caller::program("a", Visibility::All, Scopes::all()).unwrap(),
            Caller::program("a", only(1), Scopes::all()).unwrap(),
        ];
        for (place, one) in callers.iter().enumerate() {
            for (other_place, other) in callers.iter().enumerate() {
                let same = one.idempotency_scope() == other.idempotency_scope();
                assert_eq!(same, place == other_place, "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn what_is_made_of_the_longest_name_can_be_kept() {
        let longest = "ä".repeat(NAME_CHARS_MAX);
        let only = Visibility::Only(MerchantId(i64::MAX));
        let caller = Caller::program(&longest, only, Scopes::all()).unwrap();
        assert!(caller.actor().chars().count() <= 128);
        assert!(caller.idempotency_scope().chars().count() <= 128);
        for (name, fault) in [
            (format!("{longest}x"), InvalidName::Length),
            (String::new(), InvalidName::Length),
            ("a\nb".to_owned(), InvalidName::Control),
            ("a\0".to_owned(), InvalidName::Control),
        ] {
            assert_eq!(Caller::user(&name, only, Scopes::all()), Err(fault));
        }
    }
}
