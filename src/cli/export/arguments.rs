//! What may be said to `stockflow export`. The comments are what `--help` prints.

use std::path::PathBuf;

use chrono::{DateTime, SubsecRound as _, Utc};
use clap::{Args, Subcommand, ValueEnum};

use crate::audit::export::{Format, kind_name};
use crate::cli::Failure;
use crate::domain::clock::keepable;
use crate::domain::filter::{FlowFilter, InstantRange, IntegerRange};
use crate::domain::limits::{FILTER_VALUES_MAX, IDENTIFIER_CHARS_MAX};
use crate::domain::{FlowId, FlowKind, MerchantId, SkuId, text};

/// What to export, and where to.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct ExportArguments {
    #[command(subcommand)]
    pub(super) command: Option<ExportCommand>,
    /// In which form
    #[arg(long, value_enum, default_value = "csv")]
    pub(super) format: FormatArgument,
    /// The file to write; it has its name once it is whole, and takes the place of one that has it
    /// [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// The id of the last entry that may be among them: the same filter and the same id make the
    /// same bytes for ever [default: the newest entry that no other can come before any more]
    #[arg(long, value_name = "ID")]
    pub(super) last_flow_id: Option<FlowId>,
    #[command(flatten)]
    pub(super) filter: FilterArguments,
}

/// What to do besides.
#[derive(Debug, Subcommand)]
pub(super) enum ExportCommand {
    /// Check whether an exported file is whole and as it was written; exits with 1 if not. Needs no
    /// database
    Check {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// A form, as the command line spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArgument {
    /// Comma-separated values
    Csv,
    /// One JSON object a line
    Jsonl,
}

impl From<FormatArgument> for Format {
    fn from(argument: FormatArgument) -> Self {
        match argument {
            FormatArgument::Csv => Self::Csv,
            FormatArgument::Jsonl => Self::JsonLines,
        }
    }
}

/// Which entries; all of them if nothing is said.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct FilterArguments {
    /// Of this SKU; may be said several times
    #[arg(long = "sku", value_name = "ID")]
    skus: Vec<SkuId>,
    /// Of this merchant
    #[arg(long, value_name = "ID")]
    merchant: Option<MerchantId>,
    /// Of this kind: OPENING, DEDUCTION, REFUND, REPLENISHMENT or ADJUSTMENT; may be said several
    /// times
    #[arg(long = "kind", value_name = "KIND", value_parser = kind)]
    kinds: Vec<FlowKind>,
    /// Written at this instant or later, as 2026-11-22T09:50:00Z
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    from: Option<DateTime<Utc>>,
    /// Written before this instant
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    to: Option<DateTime<Utc>>,
    /// By this actor; may be said several times
    #[arg(long = "actor", value_name = "NAME")]
    actors: Vec<String>,
    /// For this order line; may be said several times
    #[arg(long = "order-detail", value_name = "ID")]
    order_details: Vec<String>,
    /// Under this idempotency key
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Refunds of this deduction
    #[arg(long, value_name = "ID")]
    deduction: Option<FlowId>,
    /// That took so many units or more; units that came in are negative
    #[arg(long, value_name = "UNITS", allow_negative_numbers = true)]
    quantity_min: Option<i32>,
    /// That took so many units or fewer
    #[arg(long, value_name = "UNITS", allow_negative_numbers = true)]
    quantity_max: Option<i32>,
}

impl FilterArguments {
    /// The filter that they make, in the one form in which a manifest has it.
    ///
    /// # Errors
    ///
    /// [`Failure`] when one is out of the bounds that hold for clients as well.
    pub(super) fn filter(self) -> Result<FlowFilter, Failure> {
        let wrong = |name: &str, what: &dyn std::fmt::Display| {
            Err(Failure::new(format!("--{name} {what}")))
        };
        if self.from.zip(self.to).is_some_and(|(from, to)| from > to) {
            return wrong("from", &"must not be behind --to");
        }
        if self.quantity_min.zip(self.quantity_max).is_some_and(|(min, max)| min > max) {
            return wrong("quantity-min", &"must not be above --quantity-max");
        }
        for (name, texts) in [
            ("actor", self.actors.as_slice()),
            ("order-detail", self.order_details.as_slice()),
            ("key", self.key.as_slice()),
        ] {
            for one in texts {
                if let Err(invalid) = text::check(one, IDENTIFIER_CHARS_MAX) {
                    return wrong(name, &invalid);
                }
            }
        }
        for (name, length) in [
            ("sku", self.skus.len()),
            ("actor", self.actors.len()),
            ("order-detail", self.order_details.len()),
        ] {
            if length > FILTER_VALUES_MAX {
                return wrong(name, &format!("may be said {FILTER_VALUES_MAX} times at the most"));
            }
        }
        Ok(FlowFilter {
            merchant_id: self.merchant,
            sku_ids: distinct(self.skus),
            order_detail_ids: distinct(self.order_details),
            kinds: distinct(self.kinds),
            actors: distinct(self.actors),
            idempotency_key: self.key,
            deduction_id: self.deduction,
            created_at: InstantRange { from: self.from, to: self.to },
            quantity_trade: IntegerRange { min: self.quantity_min, max: self.quantity_max },
        })
    }
}

/// Each once and in their order; `None` if nothing was said.
fn distinct<T: Ord>(mut values: Vec<T>) -> Option<Vec<T>> {
    values.sort_unstable();
    values.dedup();
    (!values.is_empty()).then_some(values)
}

fn kind(text: &str) -> Result<FlowKind, String> {
    let named = FlowKind::ALL.into_iter().find(|kind| kind_name(*kind) == text);
    named.ok_or_else(|| format!("must be one of {}", FlowKind::ALL.map(kind_name).join(", ")))
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let instant = DateTime::parse_from_rfc3339(text).ok().and_then(|at| keepable(at.to_utc()));
    let instant = instant.map(|instant| instant.trunc_subsecs(6));
    instant.ok_or_else(|| "must be an instant with its offset, as 2026-11-22T09:50:00Z".to_owned())
}
