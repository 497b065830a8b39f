//! `stockflow audit seal`: makes a seal, and prints it or writes it to a file.
//!
//! It changes no table but adds to those of seals, and needs no other rights than to serve does.

#![expect(clippy::doc_markdown, reason = "a terminal shows no Markdown")]

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::{Failure, SourceArguments, output, start};
use crate::audit::Audit;
use crate::audit::seal::{MakeSealError, SealKey};
use crate::cache::StockCache;
use crate::config::{Flags, Settings};
use crate::db::{Database, Fault};
use crate::domain::{Clock, SignedSeal};
use crate::store::Store;

/// How to seal.
#[derive(Debug, Args)]
pub(in crate::cli) struct SealArguments {
    /// Write the seal to this file, which must not be there, instead of printing it
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The private key that signs it, as `openssl genpkey -algorithm ed25519` writes it
    /// [default: audit.seal_key_file; not signed if that is empty]
    #[arg(long, value_name = "FILE")]
    key: Option<String>,
}

/// Makes a seal.
///
/// # Errors
///
/// [`Failure`] when the settings, the key, the file, the database or the books stand in the way.
pub(super) async fn run(
    sources: &SourceArguments,
    wish: SealArguments,
) -> Result<ExitCode, Failure> {
    let mut flags = Flags::default();
    flags.set("audit.seal_key_file", wish.key);
    let settings = start::settings(sources, flags)?;
    let key = load_key(&settings)?;
    // Before the seal is made: one that cannot be kept should not be.
    let file = wish.output.map(NewFile::create).transpose()?;
    let database = start::connect(&settings).await?;
    let made = make(&database, key.as_ref()).await;
    start::close(database).await;
    match (made, file) {
        (Ok(signed), Some(file)) => file.fill(&signed)?,
        (Ok(signed), None) => output::line(&signed.to_json()),
        (Err(failure), file) => {
            if let Some(file) = file {
                file.give_up();
            }
            return Err(failure);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the key that signs seals; `None` if the settings name none.
///
/// # Errors
///
/// [`Failure`] when there is no such key.
pub(in crate::cli) fn load_key(settings: &Settings) -> Result<Option<SealKey>, Failure> {
    let key = settings.audit.seal_key_file.as_deref().map(SealKey::load).transpose();
    key.map_err(|error| {
        Failure::new(format!("cannot sign seals: {error}. Change --key or audit.seal_key_file."))
    })
}

async fn make(database: &Database, key: Option<&SealKey>) -> Result<SignedSeal, Failure> {
    let audit = Audit::new(Store::new(database.clone(), StockCache::none()));
    let made = audit.make_seal(key, &Clock::system()).await;
    made.map_err(|error| {
        if let MakeSealError::Database(fault) = &error {
            return failed(fault);
        }
        Failure::new(format!("no seal was made: {error}"))
    })
}

fn failed(fault: &Fault) -> Failure {
    if fault.is_of_no_table() {
        return Failure::new(
            "there are no tables of seals: run `stockflow migrate up` as a user who may change \
             tables, and give this one the rights in deploy/grants",
        );
    }
    if fault.is_denied() {
        return Failure::new(
            "the database's user may not seal: it needs SELECT on the books, and INSERT on \
             t_inventory_seal and t_inventory_seal_head; see deploy/grants",
        );
    }
    Failure::broke("no seal was made", fault)
}

/// A file that is there as a whole, or not at all.
struct NewFile {
    path: PathBuf,
    beside: PathBuf,
    file: File,
}

impl NewFile {
    /// Begins it under another name beside it.
    fn create(path: PathBuf) -> Result<Self, Failure> {
        if path.symlink_metadata().is_ok() {
            return Err(Failure::new(format!(
                "{} is there already, and may be a seal; name another file with --output",
                path.display()
            )));
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let beside = path.with_file_name(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&beside);
        let file = file.map_err(|error| unwritten(&beside, &error))?;
        Ok(Self { path, beside, file })
    }

    /// Writes the seal, and gives the file its name. A seal that was made and cannot be written is
    /// printed, for there will not be another like it.
    fn fill(self, signed: &SignedSeal) -> Result<(), Failure> {
        let json = signed.to_json();
        let Self { path, beside, mut file } = self;
        let written = writeln!(file, "{json}")
            .and_then(|()| file.sync_all())
            .and_then(|()| std::fs::rename(&beside, &path));
        written.map_err(|error| {
            output::line(&json);
            unwritten(&path, &error)
        })?;
        let id = signed.seal.id;
        output::line(&format!("seal {id} is in {}; keep it elsewhere", path.display()));
        Ok(())
    }

    /// There is nothing to write.
    fn give_up(self) {
        // What is left behind is empty, and told of the next time.
        drop(std::fs::remove_file(self.beside));
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", path.display()))
}
