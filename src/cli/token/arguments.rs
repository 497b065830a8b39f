//! What may be said behind `token`. The comments are what `--help` prints.

#![expect(clippy::doc_markdown, reason = "a terminal shows no Markdown")]

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};

use crate::auth::Scope;
use crate::domain::MerchantId;
use crate::domain::clock::keepable;

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Token {
    /// Make a key and print it, once; only its hash is kept
    Create(Create),
    /// List the keys: whose they are, what they allow, and whether they hold
    List(List),
    /// Revoke a key, which servers then refuse within auth.api_key_cache_ms
    Revoke(Revoke),
}

/// What a key shall be good for.
#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// Whose it is: keys of one label are one client's, so that one can replace another
    #[arg(long, value_name = "LABEL")]
    pub(super) label: String,
    /// The merchant whose books it shows
    #[arg(long, value_name = "ID", required_unless_present = "all_merchants")]
    pub(super) merchant: Option<MerchantId>,
    /// It shows the books of all merchants
    #[arg(long, conflicts_with = "merchant")]
    pub(super) all_merchants: bool,
    /// What it allows: stock:read, stock:write, stock:manage or audit:read; may be said once for
    /// each
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    pub(super) scopes: Vec<Scope>,
    /// After how long it expires, as 90d, 12h, 30m or 45s; never, if this is not said
    #[arg(long, value_name = "TIME")]
    pub(super) expires_in: Option<After>,
}

/// How to list keys.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// As JSON, for programs
    #[arg(long)]
    pub(super) json: bool,
}

/// Which key to revoke.
#[derive(Debug, Args)]
pub(in crate::cli) struct Revoke {
    /// Its id, as `token list` shows it: the signs between sfk_ and the next _
    #[arg(value_name = "ID")]
    pub(super) id: String,
}

/// A time from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct After(TimeDelta);

/// Why a text is no time from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a whole number from 1 and a unit, as 90d, 12h, 30m or 45s, and end before the year 10000"
)]
pub(in crate::cli) struct InvalidAfter;

impl FromStr for After {
    type Err = InvalidAfter;

    fn from_str(text: &str) -> Result<Self, InvalidAfter> {
        let (number, unit) =
            text.split_at_checked(text.len().saturating_sub(1)).ok_or(InvalidAfter)?;
        let number: u32 = number.parse().map_err(|_error| InvalidAfter)?;
        let seconds = match unit {
            "d" => 86_400,
            "h" => 3_600,
            "m" => 60,
            "s" => 1,
            _ => return Err(InvalidAfter),
        };
        let seconds = i64::from(number).saturating_mul(seconds);
        TimeDelta::try_seconds(seconds).filter(|_| number > 0).map(Self).ok_or(InvalidAfter)
    }
}

impl After {
    /// The instant that is so long after `now`.
    ///
    /// # Errors
    ///
    /// [`InvalidAfter`] when no database can keep it.
    pub(super) fn from(self, now: DateTime<Utc>) -> Result<DateTime<Utc>, InvalidAfter> {
        now.checked_add_signed(self.0).and_then(keepable).ok_or(InvalidAfter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_number_and_a_unit() {
        let now = DateTime::UNIX_EPOCH;
        for (text, seconds) in [("90d", 7_776_000), ("12h", 43_200), ("1m", 60), ("45s", 45)] {
            let at = text.parse::<After>().unwrap().from(now).unwrap();
            assert_eq!(at.timestamp(), seconds, "{text}");
        }
        for text in ["", "d", "0d", "-1d", "1", "1w", "1.5d", "1 d", "4294967296s", "1ä"] {
            assert_eq!(text.parse::<After>(), Err(InvalidAfter), "{text}");
        }
        assert_eq!("4294967295d".parse::<After>().unwrap().from(now), Err(InvalidAfter));
    }
}
