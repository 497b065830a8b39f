//! Whose books a caller sees.

use super::MerchantId;

/// The merchants whose SKUs and entries are seen and touched. All others are as if they did not
/// exist, and the answers are the same to the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// Those of all merchants: the platform's own view.
    All,
    /// Those of one merchant.
    Only(MerchantId),
}

impl Visibility {
    /// Whether what belongs to `merchant_id` is seen.
    pub fn shows(self, merchant_id: MerchantId) -> bool {
        match self {
            Self::All => true,
            Self::Only(only) => only == merchant_id,
        }
    }

    /// What is left of it where one merchant is asked for, or none in particular; `None` if nothing
    /// is.
    pub fn narrowed(self, merchant_id: Option<MerchantId>) -> Option<Self> {
        match merchant_id {
            None => Some(self),
            Some(merchant_id) => self.shows(merchant_id).then_some(Self::Only(merchant_id)),
        }
    }

    /// The one merchant that is seen; `None` if all are.
    pub fn only(self) -> Option<MerchantId> {
        match self {
            Self::All => None,
            Self::Only(merchant_id) => Some(merchant_id),
        }
    }
}

impl From<Option<MerchantId>> for Visibility {
    /// What is seen by one who belongs to a merchant, or to none: [`Visibility::only`] turned
    /// round.
    fn from(only: Option<MerchantId>) -> Self {
        only.map_or(Self::All, Self::Only)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_merchant_sees_nothing_of_another() {
        let (one, other) = (MerchantId(1), MerchantId(2));
        assert!(Visibility::All.shows(one) && Visibility::All.shows(other));
        assert!(Visibility::Only(one).shows(one));
        assert!(!Visibility::Only(one).shows(other));
        assert_eq!(Visibility::Only(one).narrowed(Some(other)), None);
        assert_eq!(Visibility::Only(one).narrowed(None), Some(Visibility::Only(one)));
        assert_eq!(Visibility::All.narrowed(Some(other)), Some(Visibility::Only(other)));
    }
}
