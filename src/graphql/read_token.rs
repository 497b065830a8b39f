//! Tokens by which a client asks to see what it has seen or done before.
//!
//! They come out of payloads and stocks (`readToken`) and go back with a later request; see
//! [`ReadAfter`] for what they mean.

use crate::domain::{InvalidReadToken, ReadAfter};

/// The tokens that came with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadTokens(pub(super) ReadAfter);

impl ReadTokens {
    /// Reads tokens; any number of them, with commas between them.
    ///
    /// # Errors
    ///
    /// [`InvalidReadToken`] when one was not made by the server, or they name too many SKUs.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidReadToken> {
        let mut all = ReadAfter::default();
        let tokens = texts.into_iter().flat_map(|text| text.split(',')).map(str::trim);
        for token in tokens.filter(|token| !token.is_empty()) {
            all = all.and(&token.parse()?)?;
        }
        Ok(Self(all))
    }
}
