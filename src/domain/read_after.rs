//! What a read must have reached, so that a client sees what it has seen or done before.
//!
//! A token names SKUs with a version each. Whatever answers must have reached these, or leaves the
//! question to the next source. The amount and its entries are committed together, so that a
//! replica that has the version of an amount has the entries that made it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::limits::{READ_TOKEN_CHARS_MAX, READ_TOKEN_SKUS_MAX};
use super::{Inventory, SkuId};

/// How tokens begin; another form of them would begin with another.
const FORM: &str = "v1";

/// The versions that a read must have reached, by SKU. Empty where nothing is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadAfter(BTreeMap<SkuId, i64>);

/// Why a text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReadToken {
    /// It was not made by the server.
    #[error("is none that the server has made")]
    Form,
    /// It names too many SKUs.
    #[error("names more than {READ_TOKEN_SKUS_MAX} SKUs")]
    TooMany,
    /// It is too long.
    #[error("has more than {READ_TOKEN_CHARS_MAX} characters")]
    TooLong,
}

impl ReadAfter {
    /// What reads as new as these stocks.
    pub fn of(stocks: impl IntoIterator<Item = Inventory>) -> Self {
        let mut read_after = Self::default();
        for stock in stocks {
            read_after.also(stock.sku_id, stock.version);
        }
        read_after
    }

    /// What reads as new as one version of one SKU.
    pub fn of_version(sku_id: SkuId, version: i64) -> Self {
        Self(BTreeMap::from([(sku_id, version)]))
    }

    /// What reads as new as these versions of SKUs.
    pub fn of_versions(versions: impl IntoIterator<Item = (SkuId, i64)>) -> Self {
        let mut read_after = Self::default();
        for (sku_id, version) in versions {
            read_after.also(sku_id, version);
        }
        read_after
    }

    /// The version that a copy of the SKU's amount must have; 0 if any will do.
    pub fn version_min(&self, sku_id: SkuId) -> i64 {
        self.0.get(&sku_id).copied().unwrap_or_default()
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The SKUs with the versions to be reached, in the order of the SKUs.
    pub fn versions(&self) -> impl Iterator<Item = (SkuId, i64)> {
        self.0.iter().map(|(sku_id, version)| (*sku_id, *version))
    }

    /// Both: of each SKU the greater version.
    ///
    /// # Errors
    ///
    /// [`InvalidReadToken::TooMany`].
    pub fn and(mut self, other: &Self) -> Result<Self, InvalidReadToken> {
        for (sku_id, version) in other.versions() {
            self.also(sku_id, version);
        }
        if self.0.len() > READ_TOKEN_SKUS_MAX { Err(InvalidReadToken::TooMany) } else { Ok(self) }
    }

    fn also(&mut self, sku_id: SkuId, version: i64) {
        let least = self.0.entry(sku_id).or_default();
        *least = version.max(*least);
    }
}

/// `v1`, then `.SKU-VERSION` for each SKU: characters that any header and any URL may have.
impl fmt::Display for ReadAfter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(FORM)?;
        for (sku_id, version) in self.versions() {
            write!(formatter, ".{sku_id}-{version}")?;
        }
        Ok(())
    }
}

impl FromStr for ReadAfter {
    type Err = InvalidReadToken;

    fn from_str(text: &str) -> Result<Self, InvalidReadToken> {
        if text.len() > READ_TOKEN_CHARS_MAX {
            return Err(InvalidReadToken::TooLong);
        }
        let mut parts = text.split('.');
        if parts.next() != Some(FORM) {
            return Err(InvalidReadToken::Form);
        }
        let mut read_after = Self::default();
        for part in parts {
            let (sku_id, version) = part.split_once('-').ok_or(InvalidReadToken::Form)?;
            let sku_id = sku_id.parse().map_err(|_invalid| InvalidReadToken::Form)?;
            // A version has the same spelling as an id.
            let SkuId(version) = version.parse().map_err(|_invalid| InvalidReadToken::Form)?;
            read_after.also(sku_id, version);
        }
        if read_after.is_empty() {
            Err(InvalidReadToken::Form)
        } else {
            Self::default().and(&read_after)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let text = "v1.7-3.1001-9223372036854775807";
        let read_after: ReadAfter = text.parse().unwrap();
        assert_eq!(read_after.to_string(), text);
        assert_eq!(read_after.version_min(SkuId(7)), 3);
        assert_eq!(read_after.version_min(SkuId(8)), 0);
        let both = read_after.and(&"v1.7-2.8-1".parse().unwrap()).unwrap();
        assert_eq!(both.to_string(), "v1.7-3.8-1.1001-9223372036854775807");
    }

    #[test]
    fn what_the_server_did_not_write_is_refused() {
        for text in
            ["", "v1", "v1.", "v2.7-3", "v1.7", "v1.7-0", "v1.07-3", "v1.7-3.", "v1.7--3", "7-3"]
        {
            assert_eq!(text.parse::<ReadAfter>(), Err(InvalidReadToken::Form), "{text}");
        }
        let many: Vec<String> =
            (1..=READ_TOKEN_SKUS_MAX + 1).map(|sku_id| format!(".{sku_id}-1")).collect();
        let many = format!("v1{}", many.concat());
        assert_eq!(many.parse::<ReadAfter>(), Err(InvalidReadToken::TooMany));
        let long = format!("v1.7-{}", "1".repeat(READ_TOKEN_CHARS_MAX));
        assert_eq!(long.parse::<ReadAfter>(), Err(InvalidReadToken::TooLong));
    }
}
