//! Text that callers give and the books keep byte for byte.

use std::fmt;

use super::limits::{IDENTIFIER_CHARS_MAX, REASON_CHARS_MAX};

/// Why a text cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing was given where something must be.
    #[error("must not be empty")]
    Empty,
    /// It is longer than the column.
    #[error("must be at most {chars_max} characters, has {chars}")]
    TooLong {
        /// Characters (Unicode scalar values) that it has.
        chars: usize,
        /// Characters that it may have.
        chars_max: usize,
    },
    /// U+0000 cannot be kept by PostgreSQL, so no database is given it.
    #[error("must not contain the character U+0000")]
    Nul,
}

/// Whether a column of `chars_max` characters can hold a text.
///
/// # Errors
///
/// [`InvalidText`] when it is too long, or none of the databases' texts.
pub fn check(text: &str, chars_max: usize) -> Result<(), InvalidText> {
    let chars = text.chars().count();
    if chars > chars_max {
        Err(InvalidText::TooLong { chars, chars_max })
    } else if text.contains('\0') {
        Err(InvalidText::Nul)
    } else {
        Ok(())
    }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $chars_max:expr, empty: $empty:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Keeps `text` as it is.
            ///
            /// # Errors
            ///
            /// [`InvalidText`] when it is out of bounds.
            pub fn new(text: String) -> Result<Self, InvalidText> {
                if !$empty && text.is_empty() {
                    return Err(InvalidText::Empty);
                }
                check(&text, $chars_max)?;
                Ok(Self(text))
            }

            /// The text, byte for byte as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

text! {
    /// The key under which a request is carried out at most once; 1 to 128 characters.
    IdempotencyKey, IDENTIFIER_CHARS_MAX, empty: false
}

text! {
    /// The order line that a deduction serves; 1 to 128 characters.
    OrderDetailId, IDENTIFIER_CHARS_MAX, empty: false
}

text! {
    /// Why a change was made, in the caller's words; up to 500 characters.
    Reason, REASON_CHARS_MAX, empty: true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters_not_bytes() {
        let emoji = "🧺".repeat(IDENTIFIER_CHARS_MAX);
        assert_eq!(IdempotencyKey::new(emoji.clone()).unwrap().as_str(), emoji);
        assert_eq!(
            IdempotencyKey::new(format!("{emoji}x")),
            Err(InvalidText::TooLong { chars: 129, chars_max: 128 })
        );
    }

    #[test]
    fn empty_and_nul_are_refused() {
        assert_eq!(OrderDetailId::new(String::new()), Err(InvalidText::Empty));
        assert_eq!(OrderDetailId::new("a\0b".to_owned()), Err(InvalidText::Nul));
        assert!(Reason::new(String::new()).is_ok());
    }
}
