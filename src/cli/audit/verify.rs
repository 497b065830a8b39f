//! `stockflow audit verify`: recomputes the hashes of all entries.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use clap::Args;

use super::books;
use super::reconcile::sweep;
use super::report::Report;
use crate::audit::seal::SealPublicKey;
use crate::audit::{Audit, Checks};
use crate::cli::arguments::SourceArguments;
use crate::cli::{Failure, start};
use crate::domain::filter::Consistency;
use crate::domain::{FlowId, Point, SignedSeal};
use crate::store::Asked;

/// How to verify.
#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyArguments {
    /// Take entries up to this one as they are: an instant, as 2026-11-22T09:50:00Z, or the id of
    /// an entry. Those behind it must follow from them
    #[arg(long, value_name = "INSTANT|ID")]
    since: Option<Since>,
    /// Hold this seal against the books, too: a file that `audit seal` wrote, or a seal as
    /// inventorySeals answers it. The ends that were sealed prove what is before them only where
    /// all hashes are recomputed, so it goes with neither --since nor --resume
    #[arg(long, value_name = "FILE", conflicts_with_all = ["since", "resume"])]
    seal: Option<PathBuf>,
    /// The public key by which the seal must be signed, as `openssl pkey -pubout` writes it
    #[arg(long, value_name = "FILE", requires = "seal")]
    public_key: Option<PathBuf>,
    /// Print one JSON object, for machines
    #[arg(long)]
    json: bool,
    /// Keep in this file how far it is, and go on from there if the file is there
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
}

/// A point of the past, as it is spelled.
#[derive(Clone, Copy, Debug)]
struct Since(Point);

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(id) = text.parse::<FlowId>() {
            return Ok(Self(Point::Entry(id)));
        }
        let at = DateTime::parse_from_rfc3339(text).map_err(|_malformed| {
            "must be an instant, as 2026-11-22T09:50:00Z, or the id of an entry".to_owned()
        })?;
        Ok(Self(Point::Instant(at.with_timezone(&Utc))))
    }
}

/// Verifies all the books.
///
/// # Errors
///
/// [`Failure`] when the settings or the database stand in the way.
pub(super) async fn run(
    sources: &SourceArguments,
    arguments: VerifyArguments,
) -> Result<ExitCode, Failure> {
    // Before the books are gone over, which takes its time.
    let signed = arguments.seal.as_deref().map(read_seal).transpose()?;
    let key = arguments.public_key.as_deref().map(read_key).transpose()?;
    let (database, audit) = books::open(sources).await?;
    let checked = async {
        let since = match arguments.since {
            Some(since) => entry_at(&audit, since).await?,
            None => 0,
        };
        let swept = sweep(&database, &audit, Checks::Chains, arguments.resume, since).await?;
        let seal = match &signed {
            Some(signed) => Some(
                audit
                    .check_seal(signed, key.as_ref())
                    .await
                    .map_err(|error| books::unread(&error))?,
            ),
            None => None,
        };
        Ok((swept, seal))
    };
    let checked = checked.await;
    drop(audit);
    start::close(database).await;
    let (swept, seal) = checked?;
    let report = Report { checks: Checks::Chains, swept: &swept, seal: seal.as_ref() };
    Ok(report.tell(arguments.json))
}

fn read_seal(path: &Path) -> Result<SignedSeal, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))?;
    SignedSeal::from_json(&text)
        .map_err(|invalid| Failure::new(format!("{} is no seal: {invalid}", path.display())))
}

fn read_key(path: &Path) -> Result<SealPublicKey, Failure> {
    SealPublicKey::load(path)
        .map_err(|error| Failure::new(format!("{error}. Change --public-key.")))
}

/// The id of the last entry that is taken as it is.
async fn entry_at(audit: &Audit, Since(point): Since) -> Result<i64, Failure> {
    let asked = Asked::of(Consistency::Primary);
    let cut = audit.find_cut(point, &asked).await.map_err(|error| books::unread(&error))?;
    match cut {
        Some(cut) => Ok(cut.flow_id.0),
        None => Err(Failure::new("there is no entry of the id that --since names")),
    }
}
