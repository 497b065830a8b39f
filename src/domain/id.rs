//! The identifiers that the server counts in.

use std::fmt;
use std::str::FromStr;

/// Why a text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to 9223372036854775807, in digits alone")]
pub struct InvalidId;

/// Digits alone, without sign or leading zero: an id has one spelling, so that two spellings
/// cannot be two requests.
fn parse(text: &str) -> Result<i64, InvalidId> {
    if text.starts_with('0') || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InvalidId);
    }
    text.parse().map_err(|_overflow_or_empty| InvalidId)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

id! {
    /// A stock keeping unit; 1 upward.
    SkuId
}

id! {
    /// An entry of the flow table; 1 upward.
    FlowId
}

id! {
    /// A merchant, whom SKUs belong to; 1 upward.
    MerchantId
}

id! {
    /// A seal over the ends of all chains; 1, 2, 3 … without a gap.
    SealId
}

id! {
    /// A stocktake; 1 upward.
    CountId
}

id! {
    /// What was counted of one SKU in a stocktake; 1 upward.
    ObservationId
}

impl MerchantId {
    /// Whom those SKUs belong to that were put on the books when there were no merchants, or by
    /// somebody who needs not name one.
    pub const DEFAULT: Self = Self(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        assert_eq!("1001".parse(), Ok(SkuId(1001)));
        assert_eq!("9223372036854775807".parse(), Ok(SkuId(i64::MAX)));
        for text in ["", "0", "007", "-1", "+1", " 1", "1 ", "1.0", "x", "9223372036854775808", "١"]
        {
            assert_eq!(text.parse::<SkuId>(), Err(InvalidId), "{text:?}");
        }
    }
}
